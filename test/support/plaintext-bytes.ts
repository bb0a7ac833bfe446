import { createReadStream } from 'node:fs'
import { payloadNonceBytes, sealedChunkBytes, tagBytes } from '../../src/age/stream.ts'
import { EnvelopeWalker } from '../../src/age/walk.ts'

/**
 * How much an envelope holds, as anybody can tell who has its file. @throws AgeError when it is
 * none.
 */
export async function plaintextBytesOf(path: string): Promise<number> {
  const walker = new EnvelopeWalker()
  for await (const piece of createReadStream(path)) walker.push(piece as Buffer)
  const chunks = walker.finish().payloadBytes - payloadNonceBytes
  return chunks - tagBytes * Math.ceil(chunks / sealedChunkBytes)
}
