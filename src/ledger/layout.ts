import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { orNull } from '../disk/errno.ts'

/**
 * The files of a ledger. New lines go to `ledger.jsonl`. When it is long enough it becomes the
 * segment `ledger/000001.jsonl` and its checkpoint is written; then a new `ledger.jsonl` continues
 * the chain. A segment is valid as soon as its checkpoint exists.
 */
export interface LedgerFiles {
  /** Path of `ledger.jsonl`. */
  active: string
  /** Path of the folder `ledger`, which is also what the worker locks. */
  folder: string
}

export function ledgerFilesOf(active: string): LedgerFiles {
  return { active, folder: active.replace(/\.jsonl$/, '') }
}

export function segmentPath({ folder }: LedgerFiles, segment: number): string {
  return join(folder, `${numberOf(segment)}.jsonl`)
}

export function checkpointPath({ folder }: LedgerFiles, segment: number): string {
  return join(folder, `${numberOf(segment)}.json`)
}

/**
 * Path of a segment's index. Only the last index is kept, because each contains the previous one.
 */
export function indexPath({ folder }: LedgerFiles, segment: number): string {
  return join(folder, `${numberOf(segment)}.index`)
}

/** Path of the note how far the ledger reached. */
export function endPath({ folder }: LedgerFiles): string {
  return join(folder, 'end')
}

/** Path of the note that lines were missing at the end. */
export function lostPath({ folder }: LedgerFiles): string {
  return join(folder, 'lost.json')
}

/** The number of the last segment, or 0 when there is none. */
export async function lastSegment({ folder }: LedgerFiles): Promise<number> {
  const names = (await orNull(readdir(folder))) ?? []
  const numbers = names.map((name) => Number(/^(\d{6,15})\.json$/.exec(name)?.[1] ?? 0))
  return numbers.reduce((highest, number) => Math.max(highest, number), 0)
}

function numberOf(segment: number): string {
  return String(segment).padStart(6, '0')
}
