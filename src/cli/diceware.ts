import { randomBytes } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'

import { Secret } from '../keyring/secret.ts'

/**
 * BIP 39's English list: 2,048 words, none longer than eight letters, no two with the same first
 * four.
 */
export const dicewareWords: readonly string[] = wordlist
const bitsPerWord = 11
/** 9 × 11 = 99 bits. */
export const generatedWords = 9

/**
 * A passphrase of random words with single spaces between them.
 * @param random bytes from a cryptographic source.
 */
export function generatePassphrase(random: (length: number) => Uint8Array = randomBytes): Secret {
  const bytes = random(generatedWords * 2)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // 2,048 divides 65,536: the low eleven bits are uniform, and nothing has to be drawn again.
  const words = Array.from(
    { length: generatedWords },
    (_, index) => dicewareWords[view.getUint16(index * 2) % 2 ** bitsPerWord] ?? '',
  )
  bytes.fill(0)
  return Secret.fromText(words.join(' '))
}
