import type { FileHandle } from 'node:fs/promises'

const pieceBytes = 1024 * 1024

/**
 * Reads a file from its beginning into one buffer used again and again: what is
 * yielded is valid until the next piece is asked for.
 */
export async function* readPieces(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(pieceBytes)
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, pieceBytes, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
