import type { BlobStore, Prefix } from '../../store/blob-store.ts'
import { type DeletionRequest, openDeletionRequest } from '../../store/deletion-request.ts'
import { defineCommand } from '../frame/command.ts'
import { askYes } from '../frame/ask-yes.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { formatBytes } from '../frame/progress.ts'
import { openVault } from './vault.ts'
import { count } from '../../text/count.ts'

/** Extra time to wait for a worker that does nothing, beyond the interval between two rounds. */
const patienceMs = 5000
const pollMs = 200

interface Sum {
  envelopes: number
  bytes: number
}

export const command = defineCommand({
  name: 'free-space',
  summary: 'delete acknowledged envelopes now, without waiting for the end of their retention',
  usage: '[--yes] [--json]',
  help: `Says how many envelopes a desk has acknowledged and how much room they take, asks, and has the worker delete
them, with a line in the ledger for each. Tips that no desk has acknowledged are never touched.
Afterwards the desk's casebook holds the only copy of those tips: make sure that it has a backup.

Exit status 0: deleted, or nothing to delete. 1: nothing was confirmed, or the worker does not run.`,
  options: {
    yes: { type: 'boolean', about: 'do not ask' },
    json: { type: 'boolean', about: 'print what was done as JSON' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const settings = await context.settings()
    const store = await openVault(context, settings)
    const [collected, vault] = [await sumOf(store, 'collected'), await sumOf(store, 'sealed')]
    if (collected.envelopes === 0) {
      if (values.json === true) printJson(context, { deleted: 0, bytes: 0 })
      else printLine(context, nothingToDelete(vault))
      return 0
    }
    if (values.yes !== true) await confirm(context, collected)
    const request = openDeletionRequest({ dir: settings.dataDir, clock: context.clock })
    await request.add()
    const countLeft = async () => (await sumOf(store, 'collected')).envelopes
    const waitMs = settings.sweepSeconds * 1000 + patienceMs
    if (!(await untilDone(context, request, { before: collected.envelopes, countLeft, waitMs }))) {
      // If the request stayed, the worker would also delete tips that are acknowledged later.
      await request.remove()
      throw failure('the worker deletes nothing: see "tumen status", then try again')
    }
    if (values.json === true)
      printJson(context, { deleted: collected.envelopes, bytes: collected.bytes })
    else printLine(context, `deleted ${text(collected)}`)
    if (vault.envelopes > 0) printNote(context, `${text(vault)} wait for export or acknowledgement`)
    return 0
  },
})

function nothingToDelete(vault: Sum): string {
  return vault.envelopes === 0
    ? 'nothing to delete: there are no envelopes at all'
    : `nothing to delete: no desk has acknowledged any of ${text(vault)}. Export them, take in the acknowledgement, then try again`
}

function text({ envelopes, bytes }: Sum): string {
  return `${count(envelopes, 'envelope')} (${formatBytes(bytes)})`
}

async function sumOf(store: BlobStore, prefix: Prefix): Promise<Sum> {
  const sum = { envelopes: 0, bytes: 0 }
  for await (const { bytes } of store.list(prefix)) {
    sum.envelopes += 1
    sum.bytes += bytes
  }
  return sum
}

/** @throws CliError when there is no terminal, or the person does not say yes. */
async function confirm(context: CliContext, collected: Sum): Promise<void> {
  if (!context.isTerminal.stdin)
    throw usageError(
      `there is no terminal to ask on: give --yes to delete ${text(collected)} without being asked`,
    )
  const question = `A desk has acknowledged ${text(collected)}. Delete them now? The desk then has the only copy.`
  if (!(await askYes(context, question))) throw failure('nothing was deleted')
}

/**
 * Waits as long as the worker deletes something. They are counted once in `waitMs` only, because
 * counting lists the whole folder.
 */
async function untilDone(
  context: CliContext,
  request: DeletionRequest,
  {
    before,
    countLeft,
    waitMs,
  }: { before: number; countLeft: () => Promise<number>; waitMs: number },
): Promise<boolean> {
  for (let least = before; ; ) {
    for (let waitedMs = 0; waitedMs <= waitMs; waitedMs += pollMs) {
      if (!request.isPending()) return true
      await context.wait(pollMs)
    }
    const now = await countLeft()
    if (!request.isPending()) return true
    if (now >= least) return false
    least = now
  }
}
