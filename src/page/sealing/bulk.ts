import { sha256 } from '@noble/hashes/sha2.js'
import { nobleChunkCipher } from '../../age/noble-cipher.ts'
import type { ChunkCipher } from '../../age/stream.ts'

/** A SHA-256 that takes its message in pieces. */
export interface Sha256Stream {
  update(piece: Uint8Array): unknown
  digest(): Uint8Array
}

/** The two primitives that go over every byte of a file. */
export interface Bulk {
  readonly cipher: ChunkCipher
  readonly startSha256: () => Sha256Stream
  /**
   * The browser's own SHA-256 for messages that are whole in memory, fast at every level. Null
   * where the page's address does not count as secure.
   */
  readonly subtle: Pick<SubtleCrypto, 'digest'> | null
}

/** Typed as always present, but missing on addresses that do not count as secure. */
const { subtle } = globalThis.crypto as { subtle?: SubtleCrypto }

export const nobleBulk: Bulk = {
  cipher: nobleChunkCipher,
  startSha256: () => sha256.create(),
  subtle: subtle ?? null,
}
