import { toBytes } from './bytes.ts'
import type { Box } from './heif-boxes.ts'
import type { Patch } from './patches.ts'

/** Turns a box into free space of the same size (§8.1.2). */
export function toFree(box: Box): Patch[] {
  return [renameToFree(box), { start: box.body, end: box.end }]
}

/** For a box whose content may stay: only its type says what it is for. */
export function renameToFree({ start }: Box): Patch {
  return { start: start + 4, end: start + 8, content: toBytes('free') }
}
