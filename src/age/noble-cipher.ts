import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { nullIfRefused } from './null-if-refused.ts'
import type { ChunkCipher } from './stream.ts'
import { tagBytes } from './stream.ts'

/**
 * ChaCha20-Poly1305 of noble: the only part of noble that the page's chunk workers have to load.
 */
export const nobleChunkCipher: ChunkCipher = {
  chacha20Poly1305Seal: (key, nonce, plaintext, output) =>
    chacha20poly1305(key, nonce).encrypt(
      plaintext,
      output?.subarray(0, plaintext.length + tagBytes),
    ),
  chacha20Poly1305Open: (key, nonce, ciphertext, output) =>
    nullIfRefused(() =>
      chacha20poly1305(key, nonce).decrypt(
        ciphertext,
        output?.subarray(0, ciphertext.length - tagBytes),
      ),
    ),
}
