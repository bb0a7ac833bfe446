import type { Day } from '../time/day.ts'
import { addDays, daysBetween } from '../time/day.ts'
import { maxIndexAgeDays, maxIndexLeadDays } from './bounds.ts'
import type { ReplyIndex } from './index-file.ts'

/**
 * `confirmed`: staff confirmed the keyring on `day`. `not_confirmed_yet`: it is newer than the one
 * they confirmed. `replayed`: it is older; do not seal to it. `unknown`: no usable index.
 */
export type KeysState = 'confirmed' | 'not_confirmed_yet' | 'replayed' | 'unknown'

export interface JudgedKeys {
  state: KeysState
  /** The day of the index that decided, or null for `unknown`. */
  day: Day | null
}

export interface ServedKeyring {
  /** SHA-256 of the `keyring.json` that was served, and its `issued`. */
  keyringSha256: string
  keyringIssued: Day
  today: Day
}

/** Whether an index is recent enough to say anything about keys. */
export function isCurrentIndex({ day }: Pick<ReplyIndex, 'day'>, today: Day): boolean {
  return daysBetween(day, today) <= maxIndexAgeDays && day <= addDays(today, maxIndexLeadDays)
}

/**
 * What an index says about the keyring that was served.
 * @param options.index null if there is none, if it is bad or if its signer is not in force.
 */
export function judgeKeys(options: ServedKeyring & { index: ReplyIndex | null }): JudgedKeys {
  const { keyringSha256, keyringIssued, index, today } = options
  if (index === null || !isCurrentIndex(index, today)) return { state: 'unknown', day: null }
  const { sha256, issued, older } = index.keyring
  const { day } = index
  if (keyringSha256 === sha256) return { state: 'confirmed', day }
  if (keyringIssued < issued || older.includes(keyringSha256)) return { state: 'replayed', day }
  return { state: 'not_confirmed_yet', day }
}

/**
 * What all indexes together say. A desk that knows a newer keyring outweighs one that does not, and
 * one that knows the keyring outweighs one that does not know it yet.
 */
export function judgeKeysByAll(
  options: ServedKeyring & { indexes: readonly ReplyIndex[] },
): JudgedKeys {
  const judged = options.indexes.map((index) => judgeKeys({ ...options, index }))
  for (const state of ['replayed', 'confirmed', 'not_confirmed_yet'] as const) {
    const days = judged.filter((each) => each.state === state).map(({ day }) => day ?? '')
    if (days.length > 0) return { state, day: days.toSorted().at(-1) ?? null }
  }
  return { state: 'unknown', day: null }
}

/** Whether `candidate` of the same signer replaces `known`: its number must be higher. */
export function isNewerIndex(
  candidate: Pick<ReplyIndex, 'seq'>,
  known: Pick<ReplyIndex, 'seq'> | null,
): boolean {
  return known === null || candidate.seq > known.seq
}
