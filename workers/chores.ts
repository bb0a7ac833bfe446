import type { CanaryProof } from '../src/canary/proof.ts'
import { type CollectOptions, collectAcknowledged } from './collect.ts'
import { type DiscardOptions, discardRequested } from './discard.ts'
import { explain, type Log } from './log.ts'
import { type ReconcileOptions, reconcile } from './reconcile.ts'
import type { SweepResult } from './sweep.ts'

export interface ChoresOptions extends CollectOptions, DiscardOptions, ReconcileOptions {
  canaries: Pick<CanaryProof, 'isCanary'>
  /** Deletes what was collected long ago, once a day. */
  deleteExpired: () => Promise<number>
  sweep: () => Promise<SweepResult>
  log: Log
  /** Takes the canaries that ops is done with out of the vault. */
  removeCanaries: () => Promise<void>
  /** Sums that ops may see; never rejects. */
  count: (collected: { refused: number; unknown: number }) => Promise<void>
  /** Notes that a desk has acknowledged; never rejects. */
  mark: () => Promise<void>
  /** Takes out of Redis what tells times. */
  forget: () => Promise<void>
  isStopping: () => boolean
}

/**
 * One round of what is not a job: in this order, one after the other, each in
 * spite of the one before having failed.
 */
export async function runChores(options: ChoresOptions): Promise<void> {
  const { log, ledger, isStopping } = options
  const chore = async (topic: string, work: () => Promise<unknown>): Promise<void> => {
    if (isStopping()) return
    try {
      await work()
      log.state(topic, null)
    } catch (error) {
      log.state(topic, `${topic} failed and is tried again: ${explain(error)}`)
    }
  }
  await chore('the sweep', () => sweepAndTell(options))
  // Before the ledger is mended: what is half discarded would be written down as a new dead letter.
  await chore('discarding', () => discardRequested(options))
  if (ledger.isBehind()) await chore('the ledger', () => reconcile(options))
  await chore('collecting', () => collectAndTell(options))
  await chore('retention', options.deleteExpired)
  await chore('canaries', options.removeCanaries)
  // Redis being away is told elsewhere, and then it has nothing to forget.
  await options.forget().catch(() => {})
}

async function sweepAndTell({ sweep, log }: ChoresOptions): Promise<void> {
  const { isRedisAway } = await sweep()
  log.state(
    'redis',
    isRedisAway ? 'redis does not answer; envelopes are stored without it, one at a time' : null,
  )
}

async function collectAndTell(options: ChoresOptions): Promise<void> {
  const { files, refused, unknown } = await collectAcknowledged(options)
  if (files > 0) await options.mark()
  if (refused > 0)
    options.log.line(
      `put ${refused} acknowledgement(s) into acknowledgements/refused: not signed by a desk of the keyring`,
    )
  await options.count({ refused, unknown })
}
