import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/age/bytes.ts'
import { MinisignError } from '../../src/keyring/errors.ts'
import type { PublicKey } from '../../src/keyring/minisign.ts'
import {
  generateSigningKey,
  parseSignature,
  signMinisign,
  verifyMinisign,
} from '../../src/keyring/minisign.ts'
import { formatSignature } from '../../src/keyring/minisign-format.ts'
import { verifyMinisignWithNoble } from '../../src/keyring/verify-noble.ts'
import { encode } from './fixtures.ts'

const key = generateSigningKey()
const message = encode('a keyring')
const signature = signMinisign({
  secretKey: key,
  message,
  trustedComment: 'tumen keyring, expires 2027-11-23',
})
const groupOrder = ed25519.Point.Fn.ORDER

function codeOf(
  verify: typeof verifyMinisignWithNoble,
  options: { publicKey: PublicKey; message: Uint8Array; signature: string },
): string {
  try {
    return verify(options).trustedComment
  } catch (error) {
    if (error instanceof MinisignError) return error.code
    throw error
  }
}

/** The same signature with S + L in place of S, which only a careless verifier accepts. */
function withLargeScalar(bytes: Uint8Array): Uint8Array {
  const scalar =
    bytes.slice(32).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n) + groupOrder
  return concat(
    bytes.subarray(0, 32),
    Uint8Array.from({ length: 32 }, (_, at) => Number((scalar >> BigInt(8 * at)) & 255n)),
  )
}

const parsed = parseSignature(signature)
const reformat = (changes: Partial<typeof parsed>) =>
  formatSignature({ ...parsed, ...changes }, 'x')
const identityPoint = Uint8Array.of(1, ...new Uint8Array(31))
const flip = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))

describe('verifyMinisignWithNoble', () => {
  it.each<[string, { publicKey?: PublicKey; message?: Uint8Array; signature?: string }]>([
    ['as it was signed', {}],
    ['another message', { message: encode('a keyrinG') }],
    ['an empty message', { message: encode('') }],
    [
      'another key of the same id',
      { publicKey: { ...key.publicKey, key: generateSigningKey().publicKey.key } },
    ],
    ['another key', { publicKey: generateSigningKey().publicKey }],
    [
      'another trusted comment',
      { signature: reformat({ trustedComment: 'tumen keyring, expires 2099-11-23' }) },
    ],
    ['R changed', { signature: reformat({ signature: flip(parsed.signature, 3) }) }],
    ['S changed', { signature: reformat({ signature: flip(parsed.signature, 40) }) }],
    ['S not reduced', { signature: reformat({ signature: withLargeScalar(parsed.signature) }) }],
    [
      'the global signature changed',
      { signature: reformat({ globalSignature: flip(parsed.globalSignature, 3) }) },
    ],
    [
      'the global S not reduced',
      { signature: reformat({ globalSignature: withLargeScalar(parsed.globalSignature) }) },
    ],
    [
      'a key of small order, which would verify anything',
      {
        publicKey: { ...key.publicKey, key: identityPoint },
        signature: reformat({
          signature: concat(identityPoint, new Uint8Array(32)),
          globalSignature: concat(identityPoint, new Uint8Array(32)),
        }),
      },
    ],
    ['no point for a key', { publicKey: { ...key.publicKey, key: new Uint8Array(32).fill(2) } }],
    ['no signature file', { signature: 'untrusted comment: x' }],
  ])('agrees with libsodium about %s', (_what, changes) => {
    const options = { publicKey: key.publicKey, message, signature, ...changes }
    expect(codeOf(verifyMinisignWithNoble, options)).toBe(codeOf(verifyMinisign, options))
  })

  it('accepts only the first of these', () => {
    expect(codeOf(verifyMinisignWithNoble, { publicKey: key.publicKey, message, signature })).toBe(
      'tumen keyring, expires 2027-11-23',
    )
    expect(
      codeOf(verifyMinisignWithNoble, {
        publicKey: key.publicKey,
        message: encode('x'),
        signature,
      }),
    ).toBe('SIGNATURE_INVALID')
  })

  it('refuses a legacy signature, which signs no digest', () => {
    const legacy = reformat({ algorithm: 'legacy' })
    expect(
      codeOf(verifyMinisignWithNoble, { publicKey: key.publicKey, message, signature: legacy }),
    ).toBe('UNSUPPORTED')
  })
})
