import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { MinisignError } from '../../src/keyring/errors.ts'
import { maxSignatureFileBytes } from '../../src/keyring/bounds.ts'
import {
  createPrehasher,
  formatKeyId,
  formatPublicKeyFile,
  formatPublicKeyLine,
  generateSigningKey,
  parsePublicKey,
  parseSignature,
  signMinisign,
  verifyMinisign,
} from '../../src/keyring/minisign.ts'
import { encode } from './fixtures.ts'

const key = generateSigningKey()
const message = encode('북경에서 잡혀갔습니다\n')
const signature = signMinisign({ secretKey: key, message, trustedComment: 'issued 2026-11-23' })

/** Made by Debian's minisign 0.11: `minisign -G -W`, then `-S -t 'trusted x'` over "hello\n". */
const stock = {
  publicKey: 'RWSsFJowkkGBhz45Ganrfmh+fenJqdh6raz3+4yg3DsxhyJdouZKltBu',
  keyId: '87814192309A14AC',
  signature: [
    'untrusted comment: signature from minisign secret key',
    'RUSsFJowkkGBh2/Z8o0eK23ARamdXHQGbpVtlUydC7CTzR9+XzXOyPD1LJpZ9+8jhRXWz87qsqNLkVKdhNd9XTnOGswMnY2SPgw=',
    'trusted comment: trusted x',
    'hQnx2/t7VHu08y9xxUPxEiVguqL/pCa1GgSPJtzLjaM3+HPhDe/BzptvDgEHsB2k/EeQrYQv7gPteBSWbK44Dw==',
    '',
  ].join('\n'),
}

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof MinisignError) return error.code
    throw error
  }
  return 'no error'
}

describe('verifyMinisign', () => {
  it('accepts what stock minisign signed', () => {
    const publicKey = parsePublicKey(stock.publicKey)
    expect(formatKeyId(publicKey.keyId)).toBe(stock.keyId)
    expect(
      verifyMinisign({ publicKey, message: encode('hello\n'), signature: stock.signature }),
    ).toEqual({ trustedComment: 'trusted x' })
  })

  it('accepts CRLF line ends, which another system may have written', () => {
    const publicKey = parsePublicKey(stock.publicKey)
    const crlf = stock.signature.replaceAll('\n', '\r\n')
    expect(
      verifyMinisign({ publicKey, message: encode('hello\n'), signature: encode(crlf) })
        .trustedComment,
    ).toBe('trusted x')
  })

  it('accepts a message hashed in pieces', () => {
    const prehasher = createPrehasher()
    for (const byte of message) prehasher.push(Uint8Array.of(byte))
    const prehash = prehasher.digest()
    expect(
      verifyMinisign({ publicKey: key.publicKey, message: { prehash }, signature }).trustedComment,
    ).toBe('issued 2026-11-23')
    const signedByHash = signMinisign({
      secretKey: key,
      message: { prehash },
      trustedComment: 'issued 2026-11-23',
    })
    expect(signedByHash).toBe(signature)
  })

  describe('when anything signed is changed', () => {
    it('throws SIGNATURE_INVALID for any flipped bit of the message', () => {
      fc.assert(
        fc.property(fc.nat(message.length * 8 - 1), (bit) => {
          const changed = message.slice()
          changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          expect(
            codeOf(() => verifyMinisign({ publicKey: key.publicKey, message: changed, signature })),
          ).toBe('SIGNATURE_INVALID')
        }),
      )
    })

    it('throws SIGNATURE_INVALID for another trusted comment', () => {
      const changed = signature.replace('2026-11-23', '2036-11-23')
      expect(
        codeOf(() => verifyMinisign({ publicKey: key.publicKey, message, signature: changed })),
      ).toBe('SIGNATURE_INVALID')
    })

    it('throws WRONG_KEY for another key, even under the same key id SIGNATURE_INVALID', () => {
      const other = generateSigningKey()
      expect(codeOf(() => verifyMinisign({ publicKey: other.publicKey, message, signature }))).toBe(
        'WRONG_KEY',
      )
      const posing = { keyId: key.publicKey.keyId, key: other.publicKey.key }
      expect(codeOf(() => verifyMinisign({ publicKey: posing, message, signature }))).toBe(
        'SIGNATURE_INVALID',
      )
    })

    it('accepts a changed untrusted comment: nothing depends on it', () => {
      const changed = signature.replace(/^untrusted comment: .*/, 'untrusted comment: x')
      expect(
        codeOf(() => verifyMinisign({ publicKey: key.publicKey, message, signature: changed })),
      ).toBe('no error')
    })
  })

  it('throws MALFORMED for a prehash of the wrong length', () => {
    for (const length of [63, 65]) {
      const prehash = new Uint8Array(length)
      expect(
        codeOf(() => verifyMinisign({ publicKey: key.publicKey, message: { prehash }, signature })),
      ).toBe('MALFORMED')
    }
  })
})

describe('signMinisign', () => {
  it('refuses a comment that would add a line', () => {
    expect(codeOf(() => signMinisign({ secretKey: key, message, trustedComment: 'a\nb' }))).toBe(
      'MALFORMED',
    )
    expect(
      codeOf(() =>
        signMinisign({ secretKey: key, message, trustedComment: 'a', untrustedComment: 'a\rb' }),
      ),
    ).toBe('MALFORMED')
  })

  it.each([
    [8190, 'no error'],
    [8191, 'no error'],
    [8192, 'MALFORMED'],
  ])('a trusted comment of %i bytes: %s', (length, expected) => {
    const sign = () => signMinisign({ secretKey: key, message, trustedComment: 'x'.repeat(length) })
    expect(codeOf(() => parseSignature(sign()))).toBe(expected)
  })

  it.each([
    [1022, 'no error'],
    [1023, 'no error'],
    [1024, 'MALFORMED'],
  ])('an untrusted comment of %i bytes: %s', (length, expected) => {
    const sign = () =>
      signMinisign({
        secretKey: key,
        message,
        trustedComment: '',
        untrustedComment: 'x'.repeat(length),
      })
    expect(codeOf(() => parseSignature(sign()))).toBe(expected)
  })
})

describe('parsePublicKey', () => {
  it('reads the file and the bare line to the same key', () => {
    expect(parsePublicKey(formatPublicKeyFile(key.publicKey))).toEqual(key.publicKey)
    expect(parsePublicKey(formatPublicKeyLine(key.publicKey))).toEqual(key.publicKey)
    expect(formatPublicKeyLine(key.publicKey)).toMatch(/^RW/)
  })

  it('throws UNSUPPORTED for another algorithm', () => {
    expect(codeOf(() => parsePublicKey(`RX${formatPublicKeyLine(key.publicKey).slice(2)}`))).toBe(
      'UNSUPPORTED',
    )
  })

  it.each(['', '\n\n\n', 'untrusted comment: x', 'RW', 'RWQ='])(
    'throws MALFORMED for %j',
    (text) => {
      expect(codeOf(() => parsePublicKey(text))).toBe('MALFORMED')
    },
  )
})

describe('parsers of minisign text', () => {
  const survives = (action: () => unknown) =>
    ['no error', 'MALFORMED', 'UNSUPPORTED', 'WRONG_KEY', 'SIGNATURE_INVALID'].includes(
      codeOf(action),
    )

  it('throw nothing but MinisignError, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.string({ maxLength: 400 }),
        (bytes, text) => {
          expect(survives(() => parseSignature(bytes))).toBe(true)
          expect(survives(() => parseSignature(text))).toBe(true)
          expect(survives(() => parsePublicKey(text))).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('throw nothing but MinisignError for a mutilated signature', () => {
    const original = encode(signature)
    fc.assert(
      fc.property(
        fc.nat(original.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(20),
        (at, byte, cut) => {
          const changed = original.slice(0, original.length - cut)
          if (at < changed.length) changed[at] = byte
          expect(
            survives(() =>
              verifyMinisign({ publicKey: key.publicKey, message, signature: changed }),
            ),
          ).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it.each([
    [-1, 'line'],
    [0, 'line'],
    [1, 'longer'],
  ])('bound the signature file (%i bytes past the bound: %s)', (excess, why) => {
    const text = 'x'.repeat(maxSignatureFileBytes + excess)
    expect(() => parseSignature(text)).toThrow(why)
  })
})
