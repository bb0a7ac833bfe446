import type { CanaryProof } from '../src/canary/proof.ts'
import { type CollectOptions, collectAcknowledged } from './collect.ts'
import { type DiscardOptions, discardRequested } from './discard.ts'
import { explain, type Log } from './log.ts'
import { type ReconcileOptions, reconcile } from './reconcile.ts'
import type { SweepResult } from './sweep.ts'

export interface ChoresOptions
  extends CollectOptions,
    DiscardOptions,
    Omit<ReconcileOptions, 'between'> {
  canaries: Pick<CanaryProof, 'isCanary' | 'among'>
  /** The longest time between two sweeps while the ledger is compared with a large vault. */
  sweepMs: number
  /** Whether this machine does the work that is done once for all machines. */
  isMine: () => boolean
  /**
   * Whether the ledger must be compared with the store although nothing failed: once a day, another
   * machine's envelopes are entered before retention may delete them.
   */
  isLedgerDue: () => boolean
  onLedgerDone: () => void
  /** Moves, once a day, what was stored on earlier days of a shared store. */
  moveByNight: () => Promise<number>
  /** Deletes, once a day, what was collected long ago. */
  deleteExpired: () => Promise<number>
  sweep: () => Promise<SweepResult>
  log: Log
  /** Takes in answers; resolves to the failed checks of those that were put aside. */
  takeInReplies: () => Promise<string[]>
  /** Makes the answers of this machine and those of the others equal. */
  shareReplies: () => Promise<void>
  /** Notes, once a day, where the ledger of this machine ended. */
  readChain: () => Promise<void>
  /** Removes from the vault the canaries that ops no longer needs. */
  removeCanaries: () => Promise<void>
  /** Adds to the totals that ops may see; never rejects. */
  count: (collected: { refused: number; unknown: number }) => Promise<void>
  /** Records that a desk has acknowledged envelopes; never rejects. */
  mark: () => Promise<void>
  /** Removes from Redis what would reveal times. */
  forget: () => Promise<void>
  isStopping: () => boolean
}

/**
 * One round of the work that is not a job. The steps run in this order, one after the other, and a
 * failed step does not prevent the next.
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
  let sweptMs = 0
  const sweep = async (): Promise<void> => {
    await chore('the sweep', () => sweepAndTell(options))
    sweptMs = performance.now()
  }
  const sweepIfDue = async (): Promise<void> => {
    if (performance.now() - sweptMs >= options.sweepMs) await sweep()
  }
  await sweep()
  // This comes before the ledger is repaired, which would record a half-discarded envelope as a new
  // dead letter.
  await chore('discarding', () => discardRequested(options))
  if ((ledger.isBehind() || options.isLedgerDue()) && options.isMine())
    await chore('the ledger', async () => {
      await reconcile({ ...options, between: sweepIfDue })
      options.onLedgerDone()
    })
  await chore('collecting', () => collectAndTell(options))
  await chore('answers', () => takeInAndTell(options))
  await chore('sharing answers', options.shareReplies)
  if (options.isMine()) {
    await chore('the nightly move', options.moveByNight)
    await chore('retention', options.deleteExpired)
  }
  await chore('canaries', options.removeCanaries)
  await chore('the chain', options.readChain)
  // A missing Redis is reported elsewhere, and then there is nothing to forget in it.
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

async function takeInAndTell({ takeInReplies, log, count }: ChoresOptions): Promise<void> {
  const refused = await takeInReplies()
  for (const code of refused)
    log.line(
      `put answers into acknowledgements/refused (${code}): take the stick in again with "tumen acknowledge", which says why`,
    )
  if (refused.length > 0) await count({ refused: refused.length, unknown: 0 })
}
