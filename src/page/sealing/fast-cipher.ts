import type { ChunkCipher } from '../../age/stream.ts'
import { unrolledChunkCipher } from '../../age/unrolled/cipher.ts'
import { givesKnownTag } from '../../age/unrolled/known-answers.ts'

/** The unrolled cipher, twice as fast as noble's; null in an engine in which it goes wrong. */
export const fastCipher: ChunkCipher | null = givesKnownTag() ? unrolledChunkCipher : null
