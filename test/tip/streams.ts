import { TipError, type TipErrorCode } from '../../src/tip/errors.ts'
import { readTar, type TarVisitor } from '../../src/tip/tar-reader.ts'
import type { TarBounds } from '../../src/tip/bounds.ts'

/** Sources of bytes, and collectors for them, for the tests of src/tip. */

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

export const concat = (chunks: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(chunks))

export async function* streamOf(
  ...chunks: readonly Uint8Array[]
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks
}

/** Splits the bytes into pieces whose lengths repeat the given list. */
export async function* inPieces(
  bytes: Uint8Array,
  lengths: readonly number[],
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1
    yield bytes.subarray(at, at + length)
    at += length
  }
}

export const collect = async (source: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return concat(chunks)
}

export const fileCollector = (files: Map<string, Uint8Array>): TarVisitor => ({
  onFile(path, bytes) {
    const chunks: Uint8Array[] = []
    return {
      write: (chunk) => void chunks.push(chunk.slice()),
      end: () => {
        const content = concat(chunks)
        if (content.length !== bytes)
          throw new Error(`${path}: ${content.length} bytes, ${bytes} announced`)
        files.set(path, content)
      },
    }
  },
})

export const readAll = async (
  source: AsyncIterable<Uint8Array>,
  bounds?: Partial<TarBounds>,
): Promise<Map<string, Uint8Array>> => {
  const files = new Map<string, Uint8Array>()
  await readTar(source, fileCollector(files), bounds)
  return files
}

/**
 * The code of the TipError that rejects the promise, or `accepted`. Any other error fails the test.
 */
export const codeOf = async (work: Promise<unknown>): Promise<TipErrorCode | 'accepted'> => {
  try {
    await work
    return 'accepted'
  } catch (error) {
    if (error instanceof TipError) return error.code
    throw error
  }
}

export const codeOfCall = (call: () => unknown): TipErrorCode | 'accepted' => {
  try {
    call()
    return 'accepted'
  } catch (error) {
    if (error instanceof TipError) return error.code
    throw error
  }
}
