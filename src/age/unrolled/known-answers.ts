import { hexOf } from '../hex.ts'
import { unrolledChunkCipher } from './cipher.ts'
import { isLittleEndian } from './words.ts'
import type { UnrolledSha256 } from './sha256.ts'

// Run these before the first use on a machine: an engine's bug in a rare operation would otherwise
// seal what nobody can open. Together they take about a millisecond.

/** FIPS 180-2, appendix B.2: a message of two blocks. */
const twoBlocks = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'
const digestOfTwoBlocks = '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'

/** The tag of 1,021 counted bytes, sealed with a counted key and nonce: what noble gives. */
const tagOfCounted = '3920ad303e7702fa031f067fd8aba060'

/** Whether the cipher gives a known answer in this engine. */
export function givesKnownTag(): boolean {
  if (!isLittleEndian) return false
  const [key, nonce, plaintext] = [countedBytes(32), countedBytes(12), countedBytes(1021)]
  const sealed = unrolledChunkCipher.chacha20Poly1305Seal(key, nonce, plaintext)
  // The tag covers the whole ciphertext, so a wrong byte of it would show, too.
  if (hexOf(sealed.subarray(1021)) !== tagOfCounted) return false
  const opened = unrolledChunkCipher.chacha20Poly1305Open(key, nonce, sealed)
  return opened?.every((byte, at) => byte === plaintext[at]) ?? false
}

/** Whether the digest gives a known answer in this engine. @param digest has read nothing yet */
export function givesKnownDigest(digest: UnrolledSha256): boolean {
  if (!isLittleEndian) return false
  return hexOf(digest.update(new TextEncoder().encode(twoBlocks)).digest()) === digestOfTwoBlocks
}

function countedBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at)
}
