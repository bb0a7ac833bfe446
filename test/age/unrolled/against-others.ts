import { createCipheriv, createHash } from 'node:crypto'
import { sha256 } from '@noble/hashes/sha2.js'
import { nobleChunkCipher } from '../../../src/age/noble-cipher.ts'
import { unrolledChunkCipher } from '../../../src/age/unrolled/cipher.ts'
import { UnrolledSha256 } from '../../../src/age/unrolled/sha256.ts'

const maxBytes = 300
/** Most inputs are short, because the edges of blocks are there. */
const longBytes = 70_000

/**
 * Compares the unrolled primitives with `node:crypto` and noble on seeded inputs of all lengths and
 * alignments.
 * @returns the number of the first input on which they differ, or null
 */
export function firstDifference(seed: number, inputs: number): number | null {
  const draw = createCipheriv('aes-256-ctr', Buffer.alloc(32, seed), Buffer.alloc(16))
  const zeros = Buffer.alloc(longBytes + 64)
  for (let number = 0; number < inputs; number++) {
    const length = number % 5000 === 0 ? longBytes - (number % 64) : number % maxBytes
    const drawn = draw.update(zeros.subarray(0, 64 + length))
    const offset = number & 7
    const key = drawn.subarray(0, 32)
    const nonce = drawn.subarray(32, 44)
    // Carries propagate far through runs of ones, which are rare in random bytes.
    const message = new Uint8Array(new ArrayBuffer(offset + length), offset)
    message.set(drawn.subarray(64))
    if ((drawn[44] ?? 0) < 32) message.fill((drawn[45] ?? 0) & 1 ? 0xff : 0)
    if (!isSame(number, key, nonce, message, drawn[46] ?? 0)) return number
  }
  return null
}

function isSame(
  number: number,
  key: Uint8Array,
  nonce: Uint8Array,
  message: Uint8Array,
  cut: number,
): boolean {
  const digest = Buffer.from(
    new UnrolledSha256().update(message.subarray(0, cut)).update(message.subarray(cut)).digest(),
  )
  const sealed = Buffer.from(unrolledChunkCipher.chacha20Poly1305Seal(key, nonce, message))
  const opened = unrolledChunkCipher.chacha20Poly1305Open(key, nonce, sealed)
  return (
    digest.equals(createHash('sha256').update(message).digest()) &&
    sealed.equals(sealInNode(key, nonce, message)) &&
    opened !== null &&
    Buffer.from(opened).equals(message) &&
    (number % 8 !== 0 ||
      (digest.equals(sha256(message)) &&
        sealed.equals(nobleChunkCipher.chacha20Poly1305Seal(key, nonce, message))))
  )
}

function sealInNode(key: Uint8Array, nonce: Uint8Array, message: Uint8Array): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
  return Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()])
}
