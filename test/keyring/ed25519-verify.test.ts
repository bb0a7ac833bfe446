import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/age/bytes.ts'
import { isSignedBy } from '../../src/keyring/ed25519-verify.ts'
import { sodium } from '../../src/keyring/sodium.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const encode = (number: bigint) => Uint8Array.from({ length: 32 }, (_, at) => Number((number >> BigInt(8 * at)) & 255n))
const decode = (bytes: Uint8Array) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
const prime = 2n ** 255n - 19n
const order = ed25519.Point.Fn.ORDER

function sodiumSays(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  try {
    return sodium.crypto_sign_verify_detached(signature, message, publicKey)
  } catch {
    return false
  }
}

/** RFC 8032 §7.1, tests 1 to 3. */
const vectors = [
  ['d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
  ['3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
  ['fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
] as const

/** Every point of order 1, 2, 4 and 8, and their other encodings. */
const smallOrder = [
  0n, 1n, prime - 1n, prime, prime + 1n,
  decode(hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')),
  decode(hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')),
].flatMap((y) => [encode(y), encode(y | (1n << 255n))])

describe('isSignedBy', () => {
  it.each(vectors)('takes the vectors of RFC 8032 (key %s)', (publicKey, message, signature) => {
    expect(isSignedBy(hex(publicKey), hex(signature), hex(message))).toBe(true)
    expect(isSignedBy(hex(publicKey), hex(signature), concat(hex(message), Uint8Array.of(0)))).toBe(false)
  })

  it('takes what libsodium signs, and nothing with a bit changed', () => {
    fc.assert(fc.property(bytesOf(32), fc.uint8Array({ maxLength: 100 }), fc.nat(96 * 8 - 1), (seed, message, bit) => {
      const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed)
      const signed = concat(publicKey, sodium.crypto_sign_detached(message, privateKey))
      const split = (all: Uint8Array) => [all.subarray(0, 32), all.subarray(32), message] as const
      const changed = signed.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      return isSignedBy(...split(signed)) && !isSignedBy(...split(changed)) && !sodiumSays(...split(changed))
    }), { numRuns: 60 })
  })

  it('refuses an S that is not reduced', () => {
    const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(new Uint8Array(32))
    const message = Uint8Array.of(1)
    const signature = sodium.crypto_sign_detached(message, privateKey)
    const scalar = decode(signature.subarray(32))
    const withScalar = (value: bigint) => concat(signature.subarray(0, 32), encode(value))
    expect([0n, 1n, 2n, 8n].map((times) => isSignedBy(publicKey, withScalar(scalar + times * order), message))).toEqual([true, false, false, false])
  })

  it.each(smallOrder.map((key) => [Buffer.from(key).toString('hex'), key] as const))('refuses the key of small order %s, as libsodium does', (_hex, key) => {
    // [0]B = R + [k]A holds for R = -[k]A, and such a key has but eight multiples.
    for (const r of smallOrder) {
      const signature = concat(r, new Uint8Array(32))
      for (const message of [0, 1, 2, 3].map((byte) => Uint8Array.of(byte))) {
        expect(isSignedBy(key, signature, message)).toBe(false)
        expect(sodiumSays(key, signature, message)).toBe(false)
      }
    }
  })

  it('refuses what is no point, or not as long as it must be', () => {
    const [publicKey, message, signature] = vectors[0].map(hex) as [Uint8Array, Uint8Array, Uint8Array]
    expect(isSignedBy(new Uint8Array(32).fill(2), signature, message)).toBe(false)
    for (const key of [new Uint8Array(0), publicKey.subarray(1), concat(publicKey, Uint8Array.of(0))]) expect(isSignedBy(key, signature, message)).toBe(false)
    for (const cut of [new Uint8Array(0), signature.subarray(0, 63), concat(signature, Uint8Array.of(0))]) expect(isSignedBy(publicKey, cut, message)).toBe(false)
  })

  it('agrees with libsodium about whatever bytes', () => {
    fc.assert(fc.property(bytesOf(32), bytesOf(64), fc.uint8Array({ maxLength: 10 }), (key, signature, message) => {
      expect(isSignedBy(key, signature, message)).toBe(sodiumSays(key, signature, message))
    }), { numRuns: 100 })
  })
})
