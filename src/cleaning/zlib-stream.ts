import { concat } from '../age/bytes.ts'
import { maxPieceBytes } from './blob-reader.ts'
import { CleaningError, malformed } from './errors.ts'

/**
 * Decompresses zlib data.
 * @throws CleaningError `MALFORMED`; `TOO_LARGE` if the result exceeds {@link maxPieceBytes}
 */
export async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  return await pass(packed, () => new DecompressionStream('deflate'))
}

export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  return await pass(bytes, () => new CompressionStream('deflate'))
}

async function pass(
  bytes: Uint8Array,
  makeStream: () => CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let left = maxPieceBytes
  try {
    const reader = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(makeStream()).getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      left -= next.value.length
      // A few compressed bytes may expand to gigabytes.
      if (left < 0) {
        await reader.cancel()
        throw new CleaningError('TOO_LARGE', 'the compressed data is too large')
      }
      pieces.push(next.value)
    }
  } catch (error) {
    // Old browsers lack these streams. There, a picture with a colour profile is left unchanged.
    throw error instanceof CleaningError ? error : malformed('the compressed data', error)
  }
  return concat(...pieces)
}
