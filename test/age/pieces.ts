/** Yields `bytes` in pieces of at most `pieceBytes`. */
export async function* pieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    yield bytes.subarray(start, start + pieceBytes)
  }
}

/**
 * Collects a stream into one buffer. Copies each piece, because what the age core yields is valid
 * only until the next piece.
 */
export async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Uint8Array[] = []
  for await (const bytes of source) copies.push(bytes.slice())
  return Buffer.concat(copies)
}
