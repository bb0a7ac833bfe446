import { createReadStream } from 'node:fs'
import { payloadNonceBytes, sealedChunkBytes, tagBytes } from '../../src/age/stream.ts'
import { EnvelopeWalker } from '../../src/age/walk.ts'

/**
 * The length of an envelope's plaintext, which anybody can compute from its file.
 * @throws AgeError if it is not an age file.
 */
export async function plaintextBytesOf(path: string): Promise<number> {
  const walker = new EnvelopeWalker()
  for await (const piece of createReadStream(path)) walker.push(piece as Buffer)
  const chunks = walker.finish().payloadBytes - payloadNonceBytes
  return chunks - tagBytes * Math.ceil(chunks / sealedChunkBytes)
}
