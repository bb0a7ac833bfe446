import { sha256 } from '@noble/hashes/sha2.js'

/** Length of the secret behind the words of a thread. */
export const threadSecretBytes = 16
export const wordsPerThread = 12
/** Number of entries of a BIP39 list. */
export const wordListEntries = 2048

const bitsPerWord = 11n
const checksumBits = 4n

/**
 * BIP39, "Generating the mnemonic": the twelve positions in the list, from 0, for a secret of 16
 * bytes. They are the same in every language.
 */
export function wordIndexesOf(secret: Uint8Array): number[] {
  if (secret.length !== threadSecretBytes)
    throw new RangeError(`the secret of a thread has ${threadSecretBytes} bytes`)
  const bits = (numberOf(secret) << checksumBits) | checksumOf(secret)
  return Array.from({ length: wordsPerThread }, (_, position) => {
    const shift = bitsPerWord * BigInt(wordsPerThread - 1 - position)
    return Number((bits >> shift) & BigInt(wordListEntries - 1))
  })
}

/** The secret of twelve positions, or null if their checksum is wrong. */
export function secretOfIndexes(indexes: readonly number[]): Uint8Array | null {
  const bits = indexes.reduce((sum, index) => (sum << bitsPerWord) | BigInt(index), 0n)
  const secret = bytesOf(bits >> checksumBits)
  return checksumOf(secret) === (bits & ((1n << checksumBits) - 1n)) ? secret : null
}

function checksumOf(secret: Uint8Array): bigint {
  return BigInt(sha256(secret)[0] ?? 0) >> (8n - checksumBits)
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function bytesOf(number: bigint): Uint8Array {
  const bytes = new Uint8Array(threadSecretBytes)
  for (let at = bytes.length - 1, rest = number; at >= 0; at -= 1, rest >>= 8n)
    bytes[at] = Number(rest & 0xffn)
  return bytes
}
