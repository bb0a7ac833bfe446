import { givesKnownDigest } from '../../age/unrolled/known-answers.ts'
import { UnrolledSha256 } from '../../age/unrolled/sha256.ts'
import type { Bulk } from './bulk.ts'
import { nobleBulk } from './bulk.ts'
import { fastCipher } from './fast-cipher.ts'

const startFastSha256 = () => new UnrolledSha256()

/**
 * The unrolled primitives, with noble in place of one that does not give the known answers in this
 * engine.
 */
export const fastBulk: Bulk = {
  ...nobleBulk,
  cipher: fastCipher ?? nobleBulk.cipher,
  startSha256: givesKnownDigest(startFastSha256()) ? startFastSha256 : nobleBulk.startSha256,
}
