import { join } from 'node:path'
import type { Settings } from '../../../config/settings.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import {
  type Arrival,
  type ArrivalParts,
  checkArrival,
  readSignedIndex,
} from '../../reply-store/check-arrival.ts'
import { ReplyStoreError } from '../../reply-store/errors.ts'
import { handOver } from '../../reply-store/hand-over.ts'
import { repliesFolder } from '../../reply-store/layout.ts'
import { carriedFiles, listCarriedIndexes, storedFiles } from '../../reply-store/reply-source.ts'
import { readStoredIndexes } from '../../reply-store/stored-indexes.ts'
import type { CliContext } from '../frame/context.ts'
import { printLine, printNote } from '../frame/context.ts'
import { today } from '../frame/keyring-folder.ts'
import { count } from '../../text/count.ts'

/** How long to wait for the worker, which looks into its inbox every few seconds. */
const waitMs = 60_000
const pollMs = 200

/** What became of one index on the stick; printed with `--json`. */
export interface TakenIndex {
  /** The file on the stick. */
  file: string
  /**
   * `taken`; `waiting` for the worker; `unchanged`: here already; `ignored`: an old copy of another
   * desk's index; `refused`.
   */
  state: 'taken' | 'waiting' | 'unchanged' | 'ignored' | 'refused'
  /** The signer, as named in the keyring; null if unknown. */
  desk: string | null
  seq: number | null
  /** Drops that were not here before. */
  new_drops: number
  /** The failed check and what to do; null if none failed. */
  problem: { code: string; message: string } | null
}

interface Stick {
  folder: string
  keyring: Keyring
  /** Key id of the desk that signed the acknowledgement; null if there is none. */
  acknowledgedBy: string | null
}

/**
 * Checks the answers on a stick and hands them to the worker. Each index is judged on its own: what
 * fails a check changes nothing here.
 */
export async function takeInReplies(
  context: CliContext,
  settings: Settings,
  stick: Stick,
): Promise<TakenIndex[]> {
  const parts = partsOf(context, settings, stick)
  let names: string[]
  try {
    names = await listCarriedIndexes(join(stick.folder, repliesFolder))
  } catch (error) {
    return [refusedIndex('', null, error)]
  }
  const results: TakenIndex[] = []
  for (const file of names) results.push(await takeInOne(context, settings, { stick, parts, file }))
  return results
}

function partsOf(
  context: CliContext,
  { dataDir }: Settings,
  { folder, keyring }: Stick,
): ArrivalParts {
  return {
    carried: carriedFiles(join(folder, repliesFolder)),
    stored: storedFiles(join(dataDir, repliesFolder)),
    keyring,
    day: today(context),
  }
}

async function takeInOne(
  context: CliContext,
  settings: Settings,
  { stick, parts, file }: { stick: Stick; parts: ArrivalParts; file: string },
): Promise<TakenIndex> {
  let desk: string | null = null
  try {
    const signed = await readSignedIndex(parts, file)
    desk = signed.signer.name
    const arrival = await checkArrival(parts, file, signed).catch((error: unknown): 'ignored' => {
      // The stick of one desk still carries the copy of another desk's index that was exported
      // to it, and that desk may have brought a newer one since.
      const isOwn = stick.acknowledgedBy === null || stick.acknowledgedBy === signed.keyId
      if (!isOwn && error instanceof ReplyStoreError && error.code === 'NOT_NEWER') return 'ignored'
      throw error
    })
    if (arrival === 'unchanged' || arrival === 'ignored')
      return { file, state: arrival, desk, seq: null, new_drops: 0, problem: null }
    await handOver(arrival, { dataDir: settings.dataDir, clock: context.clock })
    const state = (await waitUntilTaken(context, parts, arrival)) ? 'taken' : 'waiting'
    const { drops, index } = arrival
    return { file, state, desk, seq: index.seq, new_drops: drops.length, problem: null }
  } catch (error) {
    return refusedIndex(file, desk, error)
  }
}

function refusedIndex(file: string, desk: string | null, error: unknown): TakenIndex {
  if (!(error instanceof ReplyStoreError)) throw error
  const { code, message } = error
  return { file, state: 'refused', desk, seq: null, new_drops: 0, problem: { code, message } }
}

/** Whether the worker took the index in before the wait was over. */
async function waitUntilTaken(
  context: CliContext,
  { stored, keyring, day }: ArrivalParts,
  { keyId, index }: Arrival,
): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += pollMs) {
    const here = await readStoredIndexes(stored, keyring, day)
    if (here.some((other) => other.keyId === keyId && other.index.seq >= index.seq)) return true
    await context.wait(pollMs)
  }
  return false
}

export function printTaken(
  context: CliContext,
  { metricsStepMinutes }: Settings,
  taken: readonly TakenIndex[],
): void {
  for (const { state, desk, seq, new_drops, problem } of taken) {
    if (problem !== null)
      printNote(context, `the answers were not taken in, and nothing changed: ${problem.message}`)
    else if (state === 'taken')
      printLine(
        context,
        `answers of ${desk} are taken in (number ${seq}, ${new_drops} new): sources see them from the next step of ${count(metricsStepMinutes, 'minute')} on`,
      )
    else if (state === 'waiting')
      printNote(
        context,
        `answers of ${desk} (number ${seq}) are still to be taken in: the worker does so as soon as it runs`,
      )
    else if (state === 'unchanged')
      printLine(context, `answers of ${desk} were taken in before: nothing to do`)
    else
      printNote(context, `an older copy of the answers of ${desk} is on this stick: it is ignored`)
  }
}
