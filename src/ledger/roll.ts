import { createHash } from 'node:crypto'
import { link, open, rename, rm, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hideDirectoryTime, syncDirectory } from '../disk/dir-sync.ts'
import { replaceFile } from '../disk/small-files.ts'
import { type Checkpoint, formatCheckpoint } from './checkpoint.ts'
import { checkpointPath, indexPath, type LedgerFiles, segmentPath } from './layout.ts'
import type { ReceiptIndex } from './receipt-index.ts'

/** One more segment. The modification time of its files is the day, nothing finer. */
export interface NewSegment {
  files: LedgerFiles
  checkpoint: Checkpoint
  index: ReceiptIndex
  day: Date
  /** The segment's lines; null if it consists of all of `ledger.jsonl`. */
  lines: Buffer | null
}

/**
 * Makes a segment durable: its lines, then the index, and the checkpoint last, which makes it
 * valid. If the worker is killed before the checkpoint, nothing valid has been written. If it is
 * killed before the new `ledger.jsonl` exists, the next worker finds the lines in both files and
 * continues.
 */
export async function writeSegment(segment: NewSegment): Promise<void> {
  const { files, checkpoint, index, day, lines } = segment
  const number = checkpoint.segment
  const path = segmentPath(files, number)
  // A file without a checkpoint was left by an interrupted attempt.
  await rm(path, { force: true })
  if (lines === null) await link(files.active, path)
  else await writeUntimed(path, lines, day)
  await writeUntimed(indexPath(files, number), index.block, day)
  await writeUntimed(checkpointPath(files, number), formatCheckpoint(checkpoint), day)
  hideDirectoryTime(files.folder, day)
}

/** Replaces the content of `ledger.jsonl` by these lines, which follow the last segment. */
export async function replaceActive(
  { active }: LedgerFiles,
  lines: Buffer,
  day: Date,
): Promise<void> {
  const temporary = `${active}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(lines)
    await file.utimes(day, day)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, active)
  await syncDirectory(dirname(active), day)
}

/** Removes the previous index, whose content is also in the new one. */
export async function removeOldIndex(
  files: LedgerFiles,
  segment: number,
  day: Date,
): Promise<void> {
  await rm(indexPath(files, segment), { force: true })
  hideDirectoryTime(files.folder, day)
}

export function hashIndex({ block }: ReceiptIndex): string {
  return createHash('sha256').update(block).digest('hex')
}

async function writeUntimed(path: string, content: Buffer | string, day: Date): Promise<void> {
  await replaceFile(path, content)
  await utimes(path, day, day)
}
