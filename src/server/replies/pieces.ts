import type { Buffer } from 'node:buffer'

/**
 * Content in several buffers that are shared, not copied: the same drop is in a bundle, in the
 * bundle of the previous set, and on its own.
 */
export interface Pieces {
  readonly parts: readonly Buffer[]
  readonly bytes: number
}

export function piecesOf(parts: readonly Buffer[]): Pieces {
  return { parts, bytes: parts.reduce((sum, part) => sum + part.length, 0) }
}

/** The bytes from `start` up to `end`, which is excluded. */
export function slicePieces({ parts }: Pieces, start: number, end: number): Pieces {
  const kept: Buffer[] = []
  let at = 0
  for (const part of parts) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, part.length)]
    if (from < to) kept.push(part.subarray(from, to))
    at += part.length
  }
  return piecesOf(kept)
}
