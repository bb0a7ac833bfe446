import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { MinisignError } from '../../src/keyring/errors.ts'
import { pickScryptParameters, sensitiveLimits } from '../../src/keyring/minisign-kdf.ts'
import {
  formatSecretKey,
  generateSigningKey,
  parseSecretKey,
  secretKeyIsProtected,
} from '../../src/keyring/minisign.ts'
import { Secret } from '../../src/keyring/secret.ts'
import { cheapLimits } from './fixtures.ts'

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof MinisignError) return error.code
    throw error
  }
  return 'no error'
}

describe('pickScryptParameters', () => {
  // Expected values, computed by hand from libsodium's pickparams.
  it.each([
    ['sensitive', sensitiveLimits, { cost: 2 ** 20, blockSize: 8, parallelization: 1 }],
    ['interactive', cheapLimits, { cost: 2 ** 14, blockSize: 8, parallelization: 1 }],
    [
      'half of sensitive, as minisign falls back',
      { ops: 16_777_216n, memoryBytes: 536_870_912n },
      { cost: 2 ** 19, blockSize: 8, parallelization: 1 },
    ],
    [
      'few operations',
      { ops: 1n, memoryBytes: 1_073_741_824n },
      { cost: 2 ** 10, blockSize: 8, parallelization: 1 },
    ],
    [
      'little memory',
      { ops: 33_554_432n, memoryBytes: 16_777_216n },
      { cost: 2 ** 14, blockSize: 8, parallelization: 64 },
    ],
  ])('%s', (_name, limits, expected) => {
    expect(pickScryptParameters(limits)).toEqual(expected)
  })

  it('refuses limits above those of minisign', () => {
    expect(
      codeOf(() => pickScryptParameters({ ...sensitiveLimits, ops: sensitiveLimits.ops - 1n })),
    ).toBe('no error')
    expect(
      codeOf(() => pickScryptParameters({ ...sensitiveLimits, ops: sensitiveLimits.ops + 1n })),
    ).toBe('UNSUPPORTED')
    expect(
      codeOf(() =>
        pickScryptParameters({ ...sensitiveLimits, memoryBytes: sensitiveLimits.memoryBytes - 1n }),
      ),
    ).toBe('no error')
    expect(
      codeOf(() =>
        pickScryptParameters({ ...sensitiveLimits, memoryBytes: sensitiveLimits.memoryBytes + 1n }),
      ),
    ).toBe('UNSUPPORTED')
  })
})

describe('parseSecretKey', () => {
  const key = generateSigningKey()
  const open = formatSecretKey(key)
  const locked = formatSecretKey(key, Secret.fromText('조개 껍데기 7'), cheapLimits)

  it('reads back an unprotected key', () => {
    expect(secretKeyIsProtected(open)).toBe(false)
    const read = parseSecretKey(open)
    expect(read.publicKey).toEqual(key.publicKey)
    expect(read.secret.reveal()).toEqual(key.secret.reveal())
  })

  it('reads back a protected key only with its passphrase', () => {
    expect(secretKeyIsProtected(locked)).toBe(true)
    expect(parseSecretKey(locked, Secret.fromText('조개 껍데기 7')).secret.reveal()).toEqual(
      key.secret.reveal(),
    )
    expect(codeOf(() => parseSecretKey(locked))).toBe('PASSPHRASE_NEEDED')
    expect(codeOf(() => parseSecretKey(locked, Secret.fromText('조개 껍데기 8')))).toBe(
      'PASSPHRASE_WRONG',
    )
  })

  it('does not store the secret in the clear in a protected file', () => {
    const bytes = Buffer.from(locked.split('\n')[1] ?? '', 'base64')
    expect(bytes.includes(Buffer.from(key.secret.reveal().slice(0, 32)))).toBe(false)
  })

  it('refuses halves that do not belong together', () => {
    const bytes = Buffer.from(open.split('\n')[1] ?? '', 'base64')
    bytes[54 + 8 + 32] = (bytes[54 + 8 + 32] ?? 0) ^ 1
    expect(
      codeOf(() => parseSecretKey(`untrusted comment: x\n${bytes.toString('base64')}\n`)),
    ).toBe('MALFORMED')
  })

  it('throws only MinisignError, whatever the text', () => {
    const known = ['no error', 'MALFORMED', 'UNSUPPORTED', 'PASSPHRASE_NEEDED']
    const original = Buffer.from(open.split('\n')[1] ?? '', 'base64')
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.nat(original.length - 1),
        fc.nat(255),
        (text, at, byte) => {
          const changed = Buffer.from(original)
          changed[at] = byte
          expect(known).toContain(codeOf(() => parseSecretKey(text)))
          expect(known).toContain(
            codeOf(() => parseSecretKey(`untrusted comment: x\n${changed.toString('base64')}`)),
          )
        },
      ),
      { numRuns: 500 },
    )
  })
})
