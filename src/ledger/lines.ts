import type { FileHandle } from 'node:fs/promises'
import { orNull } from '../disk/errno.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { maxLineBytes } from './format.ts'

const pieceBytes = 256 * 1024
const newline = 0x0a

/**
 * The lines of an open file from `start` on, each with its newline; the last one may lack it. A
 * line over `maxLineBytes` is cut there and ends the iteration: it is never a good line.
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

/** As `linesOf`, of a file that may not exist; then there are none. */
export async function* linesAt(path: string): AsyncGenerator<Buffer> {
  const file = await orNull(openUnseen(path))
  if (file === null) return
  try {
    yield* linesOf(file)
  } finally {
    await file.close()
  }
}

/** Whether these bytes may be a line that is still being written, or was when the power failed. */
export function isTorn(bytes: Uint8Array): boolean {
  return bytes.at(-1) !== newline && bytes.length <= maxLineBytes
}
