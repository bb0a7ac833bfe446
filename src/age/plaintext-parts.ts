import { readRanges } from './read-file.ts'
import type { FileRange } from './stream.ts'

/** A part of a plaintext: bytes, zeros, or a range of an open file. */
export type PlaintextPart = Uint8Array | { readonly zeros: number } | FileRange

export function partBytes(part: PlaintextPart): number {
  return 'zeros' in part ? part.zeros : part.length
}

/**
 * Fills `target` with the plaintext from `start` on.
 * @throws AgeError `SOURCE_CHANGED` if a file is shorter than its range
 */
export function readPlaintext(
  parts: readonly PlaintextPart[],
  start: number,
  target: Uint8Array,
): void {
  let partStart = 0
  for (const part of parts) {
    const length = partBytes(part)
    const from = Math.max(start, partStart)
    const to = Math.min(start + target.length, partStart + length)
    if (from < to) readPart(part, from - partStart, target.subarray(from - start, to - start))
    partStart += length
    if (partStart >= start + target.length) return
  }
}

function readPart(part: PlaintextPart, offset: number, target: Uint8Array): void {
  if ('zeros' in part) target.fill(0)
  else if (part instanceof Uint8Array) target.set(part.subarray(offset, offset + target.length))
  else {
    const { fd, position } = part
    readRanges(target, [{ fd, position: position + offset, length: target.length, at: 0 }])
  }
}
