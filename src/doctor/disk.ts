import { statfsSync } from 'node:fs'
import type { Statfs } from '../store/space.ts'
import { SpaceGuard } from '../store/space.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'
import { count } from '../text/count.ts'

const check = 'disk'
/** If less than this is free above the reserve, a few large tips fill the disk. */
const comfortableBytes = 2 * 1024 ** 3
const smallestTipBytes = 128 * 1024
/**
 * If fewer than this are free above the reserve, a busy day may use them up: a tip takes up to
 * three files.
 */
const comfortableFiles = 10_000

/** The alert TumenStoreFillsSoon has the same limit. */
const comfortableDays = 14

export type DaysLeft = (freeBytes: number, freeFiles: number | null) => number | null

export function checkDisk({
  dir,
  reserveBytes,
  daysLeft = () => null,
  statfs = statfsSync,
}: {
  dir: string
  reserveBytes: number
  /** Days until this many bytes and files are used up, if anything arrived lately. */
  daysLeft?: DaysLeft
  statfs?: Statfs
}): Finding {
  const wayOut = 'export and acknowledge what the vault holds, or make the disk larger'
  let freeBytes: number
  let freeFiles: number | null
  try {
    const guard = new SpaceGuard(dir, reserveBytes, statfs)
    freeBytes = guard.freeBytes()
    freeFiles = guard.freeFiles()
  } catch {
    return wrong(
      check,
      `${dir} cannot be asked for its space`,
      'check TUMEN_DATA_DIR and that its disk is mounted',
    )
  }
  if (freeFiles !== null && freeFiles < comfortableFiles) return tellFiles(freeFiles)
  const days = daysLeft(freeBytes, freeFiles)
  const says = `${Math.floor(freeBytes / 1024 ** 2)} MiB free above the reserve`
  if (freeBytes < smallestTipBytes) return wrong(check, `${says}: new tips are refused`, wayOut)
  if (freeBytes < comfortableBytes) return doubtful(check, says, wayOut)
  if (days !== null && days < comfortableDays)
    return doubtful(
      check,
      `${says}, and at the present rate its bytes or inodes are used up in ${count(Math.floor(days), 'day')}`,
      wayOut,
    )
  return well(check, says)
}

function tellFiles(freeFiles: number): Finding {
  const wayOut =
    'remove small files that others left on this disk ("df -i" and "du --inodes" count them), or move TUMEN_DATA_DIR to a disk with more inodes'
  const says = `${count(freeFiles, 'inode')} free above the reserve`
  return freeFiles === 0
    ? wrong(check, `${says}: new tips are refused`, wayOut)
    : doubtful(check, says, wayOut)
}
