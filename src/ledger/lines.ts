import type { FileHandle } from 'node:fs/promises'
import { orNull } from '../disk/errno.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { maxLineBytes } from './format.ts'

const pieceBytes = 256 * 1024
const newline = 0x0a

/**
 * Yields the lines of an open file from `start` on, each with its newline; the last one may lack
 * it. A line longer than `maxLineBytes` is cut off there and ends the iteration, because it cannot
 * be valid.
 */
export async function* linesOf(file: FileHandle, start = 0): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for (let position = start; ; ) {
    const piece = Buffer.alloc(pieceBytes)
    const { bytesRead } = await file.read(piece, 0, pieceBytes, position)
    if (bytesRead === 0) break
    position += bytesRead
    rest = Buffer.concat([rest, piece.subarray(0, bytesRead)])
    let from = 0
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline, from)) {
      yield rest.subarray(from, end + 1)
      from = end + 1
    }
    rest = rest.subarray(from)
    if (rest.length > maxLineBytes) break
  }
  if (rest.length > 0) yield rest
}

/** Like `linesOf`, for a path. A missing file has no lines. */
export async function* linesAt(path: string): AsyncGenerator<Buffer> {
  const file = await orNull(openUnseen(path))
  if (file === null) return
  try {
    yield* linesOf(file)
  } finally {
    await file.close()
  }
}

/**
 * Whether these bytes may be an incomplete line: one that is being written, or was when the power
 * failed.
 */
export function isTorn(bytes: Uint8Array): boolean {
  return bytes.at(-1) !== newline && bytes.length <= maxLineBytes
}
