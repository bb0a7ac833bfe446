import { createInterface } from 'node:readline'
import type { BlobEntry } from '../../store/blob-store.ts'
import { type DiscardRequests, openDiscardRequests } from '../../store/discard-requests.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { findDead, noSuchDeadLetter, openDeadLetters, readId, shortOf } from './dead-letters.ts'
import { failure, usageError } from '../frame/errors.ts'
import { count } from '../../text/count.ts'

/** Longer than the interval between two rounds of the worker. */
const patienceMs = 5000
const pollMs = 200

export const discard = defineCommand({
  name: 'queue discard',
  summary: 'remove dead letters for good; the ledger keeps a line',
  usage: 'ID… [--yes] [--json]',
  help: `You are asked to type each id once more; without a terminal, --yes is required. Only the worker writes
the ledger, so the worker removes them: at once if it is running, otherwise as soon as it starts.
Copy a dead letter before you discard it, if there is any doubt: it was once somebody's tip.`,
  options: {
    yes: { type: 'boolean', about: 'do not ask' },
    json: { type: 'boolean', about: 'print what was done as JSON' },
  },
  positionals: { min: 1, max: 100 },
  async run(context, values, typed) {
    const ids = typed.map(readId)
    const settings = await context.settings()
    const { entries } = await openDeadLetters(context, settings)
    const chosen = ids.map((id) => findDead(entries, id) ?? refuse(id))
    if (values.yes !== true) await confirm(context, chosen)
    const requests = openDiscardRequests({ dir: settings.dataDir, clock: context.clock })
    for (const { receipt } of chosen) await requests.add(receipt)
    const waiting = await untilRemoved(context, requests, {
      chosen,
      waitMs: settings.sweepSeconds * 1000 + patienceMs,
    })
    if (values.json === true) printJson(context, { discarded: chosen.length - waiting, waiting })
    else
      printLine(
        context,
        `removed for good: ${chosen.length - waiting} of ${count(chosen.length, 'dead letter')}`,
      )
    if (waiting > 0)
      printNote(
        context,
        `${count(waiting, 'is', 'are')} still to be removed: the worker does so as soon as it runs`,
      )
    return 0
  },
})

function refuse(id: string): never {
  throw noSuchDeadLetter(id)
}

/** @throws CliError when there is no terminal, or the person did not confirm. */
async function confirm(context: CliContext, chosen: readonly BlobEntry[]): Promise<void> {
  if (!context.isTerminal.stdin)
    throw usageError(
      'there is no terminal to ask on: give --yes to remove them for good without being asked',
    )
  const lines = createInterface({ input: context.stdin, output: context.stderr, terminal: false })
  const answers = lines[Symbol.asyncIterator]()
  try {
    for (const { receipt } of chosen) {
      context.stderr.write(`type ${shortOf(receipt)} to remove it for good: `)
      const { value: answer } = await answers.next()
      if (answer?.trim() !== shortOf(receipt))
        throw failure('that is another id: nothing was removed')
    }
  } finally {
    lines.close()
  }
}

/** Waits for the worker. @returns how many dead letters it has not removed yet. */
async function untilRemoved(
  context: CliContext,
  requests: DiscardRequests,
  { chosen, waitMs }: { chosen: readonly BlobEntry[]; waitMs: number },
): Promise<number> {
  let waiting = chosen.map(({ receipt }) => receipt)
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    const asked = new Set(
      await Promise.all(
        waiting.map(async (receipt) => ((await requests.has(receipt)) ? receipt : null)),
      ),
    )
    waiting = waiting.filter((receipt) => asked.has(receipt))
    if (waiting.length === 0 || waitedMs >= waitMs) return waiting.length
    await context.wait(pollMs)
  }
}
