import type { KeyObject } from 'node:crypto'
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import type { ChunkCipher } from './stream.ts'
import { tagBytes } from './stream.ts'

/**
 * ChaCha20-Poly1305 of `node:crypto`, at native speed: the only cipher that a chunk worker has to
 * load.
 */
export const nodeChunkCipher: ChunkCipher = {
  chacha20Poly1305Seal(
    key,
    nonce,
    plaintext,
    output = new Uint8Array(plaintext.length + tagBytes),
  ) {
    const cipher = createCipheriv('chacha20-poly1305', keyObjectOf(key), nonce, options)
    // For a stream cipher `update` returns all bytes and `final` returns none.
    moveInto(output, cipher.update(plaintext))
    cipher.final()
    output.set(cipher.getAuthTag(), plaintext.length)
    return output.subarray(0, plaintext.length + tagBytes)
  },

  chacha20Poly1305Open(key, nonce, ciphertext, output = new Uint8Array(ciphertext.length)) {
    if (ciphertext.length < tagBytes) return null
    const decipher = createDecipheriv('chacha20-poly1305', keyObjectOf(key), nonce, options)
    decipher.setAuthTag(ciphertext.subarray(-tagBytes))
    const plaintext = decipher.update(ciphertext.subarray(0, -tagBytes))
    try {
      decipher.final()
    } catch {
      plaintext.fill(0)
      return null
    }
    return output.subarray(0, moveInto(output, plaintext))
  },
}

const options = { authTagLength: tagBytes }
const keyObjects = new WeakMap<Uint8Array, KeyObject>()

// One key object is used for all chunks of a file: 2 µs for each chunk instead of 12, which saves a
// tenth of the work.
function keyObjectOf(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key)
  if (known) return known
  const made = createSecretKey(key)
  keyObjects.set(key, made)
  return made
}

// Frees the memory of the source immediately: if that is left to the garbage collector, a gigabyte
// of chunks takes 100 MiB more.
function moveInto(output: Uint8Array, bytes: Buffer): number {
  const { length } = bytes
  output.set(bytes)
  if (bytes.buffer.byteLength === length) (bytes.buffer as ArrayBuffer).transfer(0)
  return length
}
