import { join } from 'node:path'
import { isExpired, loadSignedKeyring } from '../keyring/load.ts'
import { judgeKeysByAll, type KeysState } from '../replies/judge-index.ts'
import { repliesFolder } from '../reply-store/layout.ts'
import { storedFiles } from '../reply-store/reply-source.ts'
import { readStoredIndexes } from '../reply-store/stored-indexes.ts'
import type { Clock } from '../time/clock.ts'
import { dayOfInstant, daysBetween } from '../time/day.ts'

/** What sources learn about the keys from the desk's indexes. */
export interface RepliesState {
  /** Whole days since the newest index of a desk in force; null if there is none. */
  indexAgeDays: number | null
  keys: KeysState
}

/** Ten days before an index says nothing about keys any more: time for one more trip. */
export const oldIndexDays = 20

/**
 * Reads the indexes as the intake does. Null without a keyring in force, which is a problem of its
 * own. @throws the system's error if the folder cannot be read.
 */
export async function readRepliesState({
  dataDir,
  keysDir,
  clock,
}: {
  dataDir: string
  keysDir: string
  clock: Clock
}): Promise<RepliesState | null> {
  const today = dayOfInstant(clock.now())
  const loaded = await loadSignedKeyring(keysDir).catch(() => null)
  if (loaded === null || isExpired(loaded, today)) return null
  const { keyring, fingerprint } = loaded
  const stored = await readStoredIndexes(storedFiles(join(dataDir, repliesFolder)), keyring, today)
  const indexes = stored.map(({ index }) => index)
  const days = indexes.map(({ day }) => day).toSorted()
  const newest = days.at(-1)
  return {
    indexAgeDays: newest === undefined ? null : Math.max(0, daysBetween(newest, today)),
    keys: judgeKeysByAll({
      keyringSha256: fingerprint,
      keyringIssued: keyring.issued,
      today,
      indexes,
    }).state,
  }
}
