import { statfsSync } from 'node:fs'
import type { Statfs } from '../store/space.ts'
import { SpaceGuard } from '../store/space.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'disk'
/** Less than this above the reserve, and a few large tips fill it. */
const comfortableBytes = 2 * 1024 ** 3
const smallestTipBytes = 128 * 1024

export function checkDisk({
  dir,
  reserveBytes,
  statfs = statfsSync,
}: {
  dir: string
  reserveBytes: number
  statfs?: Statfs
}): Finding {
  const wayOut = 'export and acknowledge what the vault holds, or make the disk larger'
  let freeBytes: number
  try {
    freeBytes = new SpaceGuard(dir, reserveBytes, statfs).freeBytes()
  } catch {
    return wrong(
      check,
      `${dir} cannot be asked for its space`,
      'check TUMEN_DATA_DIR and that its disk is mounted',
    )
  }
  const says = `${Math.floor(freeBytes / 1024 ** 2)} MiB free above the reserve`
  if (freeBytes < smallestTipBytes) return wrong(check, `${says}: new tips are refused`, wayOut)
  if (freeBytes < comfortableBytes) return doubtful(check, says, wayOut)
  return well(check, says)
}
