import { equalConstantTime } from '../bytes.ts'
import type { ChunkCipher } from '../stream.ts'
import { xorChacha20 } from './chacha20-blocks.ts'
import type { Poly1305State } from './poly1305-blocks.ts'
import { addPoly1305Blocks, finishPoly1305, startPoly1305 } from './poly1305-blocks.ts'
import { isAligned, wordsIn } from './words.ts'

const blockBytes = 64
const blockWords = 16
const tagBytes = 16
/** "expand 32-byte k" (RFC 8439 §2.3). */
const constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]
const zeroBlock = new Int32Array(blockWords)

/**
 * ChaCha20-Poly1305 (RFC 8439 §2.8) for interpreters: see `scripts/unrolled/generate.ts`. Needs a
 * little-endian machine. No branch and no table depends on a secret; as with any code in
 * JavaScript, nobody can promise that the engine adds two numbers in constant time.
 */
export function unrolledCipherWith(associated: Uint8Array): ChunkCipher {
  return {
    chacha20Poly1305Seal(key, nonce, plaintext, output = roomFor(plaintext)) {
      const sealed = output.subarray(0, plaintext.length + tagBytes)
      const ciphertext = sealed.subarray(0, plaintext.length)
      const { stream, oneTimeKey } = start(key, nonce)
      xorBytes(stream, plaintext, ciphertext)
      sealed.set(tagOf(oneTimeKey, associated, ciphertext), plaintext.length)
      wipe(stream, oneTimeKey)
      return sealed
    },

    chacha20Poly1305Open(key, nonce, ciphertext, output = new Uint8Array(ciphertext.length)) {
      if (ciphertext.length < tagBytes) return null
      const bytes = ciphertext.subarray(0, ciphertext.length - tagBytes)
      const { stream, oneTimeKey } = start(key, nonce)
      const expected = tagOf(oneTimeKey, associated, bytes)
      const isAuthentic = equalConstantTime(expected, ciphertext.subarray(bytes.length))
      const opened = output.subarray(0, bytes.length)
      if (isAuthentic) xorBytes(stream, bytes, opened)
      wipe(stream, oneTimeKey)
      return isAuthentic ? opened : null
    },
  }
}

/** Without associated data, as age seals its chunks. */
export const unrolledChunkCipher = unrolledCipherWith(new Uint8Array(0))

function roomFor(plaintext: Uint8Array): Uint8Array {
  return new Uint8Array(plaintext.length + tagBytes)
}

/** RFC 8439 §2.6: block 0 of the key stream is the key of Poly1305; sealing starts at block 1. */
function start(key: Uint8Array, nonce: Uint8Array): { stream: Int32Array; oneTimeKey: Int32Array } {
  if (key.length !== 32 || nonce.length !== 12)
    throw new RangeError('ChaCha20 takes a key of 32 and a nonce of 12 bytes')
  const stream = new Int32Array(blockWords)
  const bytes = new Uint8Array(stream.buffer)
  stream.set(constants)
  bytes.set(key, 16)
  bytes.set(nonce, 52)
  const oneTimeKey = new Int32Array(blockWords)
  xorChacha20(stream, zeroBlock, 0, oneTimeKey, 0, 1)
  return { stream, oneTimeKey }
}

function xorBytes(stream: Int32Array, input: Uint8Array, output: Uint8Array): void {
  const wholeBytes = input.length - (input.length % blockBytes)
  if (isAligned(input) && isAligned(output))
    xorChacha20(stream, wordsIn(input), 0, wordsIn(output), 0, wholeBytes / blockBytes)
  else xorParts(stream, input.subarray(0, wholeBytes), output)
  xorParts(stream, input.subarray(wholeBytes), output.subarray(wholeBytes))
}

/** The same for unaligned bytes or incomplete blocks, copied through a buffer. */
function xorParts(stream: Int32Array, input: Uint8Array, output: Uint8Array): void {
  const words = new Int32Array(blockWords)
  const block = new Uint8Array(words.buffer)
  for (let at = 0; at < input.length; at += blockBytes) {
    const part = input.subarray(at, at + blockBytes)
    block.set(part)
    xorChacha20(stream, words, 0, words, 0, 1)
    output.set(block.subarray(0, part.length), at)
  }
  wipe(words)
}

/** RFC 8439 §2.8: Poly1305 over both, each with zeros up to 16 bytes, and their lengths. */
function tagOf(oneTimeKey: Int32Array, associated: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const poly = startPoly1305(oneTimeKey)
  addBytes(poly, associated)
  addBytes(poly, ciphertext)
  const lengths = [associated, ciphertext].flatMap(({ length }) => [length, length / 2 ** 32])
  addPoly1305Blocks(poly, Int32Array.from(lengths), 0, 1)
  const tag = new Int32Array(4)
  finishPoly1305(poly, oneTimeKey.subarray(4, 8), tag)
  return new Uint8Array(tag.buffer)
}

function addBytes(poly: Poly1305State, bytes: Uint8Array): void {
  const wholeBytes = isAligned(bytes) ? bytes.length - (bytes.length % tagBytes) : 0
  if (wholeBytes > 0) addPoly1305Blocks(poly, wordsIn(bytes), 0, wholeBytes / tagBytes)
  for (let at = wholeBytes; at < bytes.length; at += tagBytes) {
    const block = new Uint8Array(tagBytes)
    block.set(bytes.subarray(at, at + tagBytes))
    addPoly1305Blocks(poly, wordsIn(block), 0, 1)
  }
}

function wipe(...secrets: Int32Array[]): void {
  for (const secret of secrets) secret.fill(0)
}
