import { statfs } from 'node:fs/promises'

/** Published in whole twentieths: 0.95 is the last step before full. */
const partsPublished = 20

/**
 * Used share of the disk under a folder as df(1) counts it, rounded down to whole twentieths: that
 * of its bytes or that of its inodes, whichever is larger.
 */
export async function readUsedRatio(dir: string): Promise<number> {
  const { blocks, bfree, bavail, files, ffree } = await statfs(dir)
  const used = blocks - bfree
  // What is kept for root alone is neither used nor free for us.
  const ofBytes = used + bavail === 0 ? 1 : used / (used + bavail)
  const ofInodes = files === 0 ? 0 : (files - ffree) / files
  const ratio = Math.max(ofBytes, ofInodes)
  return Math.floor(ratio * partsPublished) / partsPublished
}
