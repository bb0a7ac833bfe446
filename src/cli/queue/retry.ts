import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine } from '../frame/context.ts'
import {
  type DeadLetters,
  findDead,
  findElsewhere,
  noSuchDeadLetter,
  openDeadLetters,
  readId,
  shortOf,
} from './dead-letters.ts'
import { usageError } from '../frame/errors.ts'

/**
 * `retried`: moved back to the spool; `stored`: a good copy was already in the vault; `before`: an
 * earlier retry moved it.
 */
type Outcome = 'retried' | 'stored' | 'before'

interface Retried {
  id: string
  outcome: Outcome
}

export const retry = defineCommand({
  name: 'queue retry',
  summary: 'put dead letters back into the spool, for the worker to try again',
  usage: 'ID… [--json]\n       tumen queue retry --all [--json]',
  help: `Durable and safe to repeat. It needs neither Redis nor the worker: the worker's next sweep finds them.
What still cannot be stored returns to quarantine.`,
  options: {
    all: { type: 'boolean', about: 'all dead letters' },
    json: { type: 'boolean', about: 'print what was done as JSON' },
  },
  positionals: { min: 0, max: 1000 },
  async run(context, values, typed) {
    if ((values.all === true) === typed.length > 0)
      throw usageError('name the dead letters to retry, or --all')
    const ids = typed.map(readId)
    const dead = await openDeadLetters(context, await context.settings())
    const outcomes: Retried[] = []
    for (const id of values.all === true ? dead.entries.map(({ receipt }) => receipt) : ids) {
      outcomes.push({ id: shortOf(id), outcome: await retryOne(dead, id) })
    }
    if (values.json === true) printJson(context, outcomes)
    else report(context, outcomes)
    return 0
  },
})

async function retryOne({ store, reasons, entries }: DeadLetters, id: string): Promise<Outcome> {
  const receipt = findDead(entries, id)?.receipt ?? null
  if (receipt === null) {
    if ((await findElsewhere(store, id)) === null) throw noSuchDeadLetter(id)
    return 'before'
  }
  const place = await store.locate(receipt)
  // The old reason is removed before the move: afterwards the worker may quarantine the blob again,
  // and we would remove its new reason.
  await reasons.forget(receipt)
  if ((await store.move(receipt, 'quarantine', 'incoming')) === 'missing') return 'before'
  return place === 'sealed' || place === 'collected' ? 'stored' : 'retried'
}

const sentences: Readonly<Record<Outcome, string>> = {
  retried: 'back in the spool; the worker tries again within seconds of its next sweep',
  stored: 'a good copy is in the vault already; this one is gone',
  before: 'no dead letter any more: it was retried before',
}

function report(context: CliContext, outcomes: readonly Retried[]): void {
  if (outcomes.length === 0) printLine(context, 'no dead letters')
  for (const { id, outcome } of outcomes) printLine(context, `${id}  ${sentences[outcome]}`)
}
