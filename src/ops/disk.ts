import { statfs } from 'node:fs/promises'

/** The ratio is published in twentieths, so 0.95 is the last value before the disk is full. */
const partsPublished = 20

/**
 * Used share of the disk under a folder as df(1) counts it, rounded down to twentieths: the share
 * of bytes or of inodes, whichever is larger.
 */
export async function readUsedRatio(dir: string): Promise<number> {
  const { blocks, bfree, bavail, files, ffree } = await statfs(dir)
  const used = blocks - bfree
  // Space reserved for root counts neither as used nor as free.
  const ofBytes = used + bavail === 0 ? 1 : used / (used + bavail)
  const ofInodes = files === 0 ? 0 : (files - ffree) / files
  const ratio = Math.max(ofBytes, ofInodes)
  return Math.floor(ratio * partsPublished) / partsPublished
}
