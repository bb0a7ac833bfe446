import { writev } from 'node:fs'
import { promisify } from 'node:util'

const writevAsync = promisify(writev)

/**
 * Writes all pieces at the given position, or at the current one of the descriptor. `writev` may
 * write only a part; the rest is then written in another call.
 */
export async function writeAll(
  fd: number,
  pieces: Uint8Array[],
  position: number | null = null,
): Promise<void> {
  let rest = pieces
  let at = position
  while (rest.length > 0) {
    const { bytesWritten } = await (at === null ? writevAsync(fd, rest) : writevAsync(fd, rest, at))
    if (at !== null) at += bytesWritten
    rest = dropBytes(rest, bytesWritten)
  }
}

function dropBytes(pieces: Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes
  const rest: Uint8Array[] = []
  for (const piece of pieces) {
    if (left < piece.length) rest.push(piece.subarray(left))
    left = Math.max(0, left - piece.length)
  }
  return rest
}
