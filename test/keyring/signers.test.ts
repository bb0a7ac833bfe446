import { describe, expect, it } from 'vitest'
import { addSigner } from '../../src/keyring/edit.ts'
import { MinisignError } from '../../src/keyring/errors.ts'
import { formatKeyring, parseKeyring, signersOn } from '../../src/keyring/keyring.ts'
import type { Keyring } from '../../src/keyring/keyring.ts'
import { generateSigningKey, signMinisign } from '../../src/keyring/minisign.ts'
import { signerKeysOn, verifySignerWithNoble } from '../../src/keyring/verify-signer-noble.ts'
import { always, day, makeKeyring, makeSignerCard } from './fixtures.ts'

const known = addSigner(makeKeyring(), makeSignerCard('desk'), always)
const later: Keyring = {
  ...known,
  signers: [
    { ...entryOf(known), name: 'later', purpose: 'front-page', public_key: 'ssh-ed25519 AAAA' },
    ...known.signers,
  ],
}

function entryOf({ signers: [entry] }: Keyring) {
  if (entry === undefined) throw new TypeError('the keyring has no signer')
  return entry
}

const refusalOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return error instanceof MinisignError ? error.code : error
  }
  return null
}

describe('a signer with a purpose of a later version', () => {
  it('is kept when the keyring is read and written', () => {
    expect(parseKeyring(formatKeyring(later))).toEqual(later)
  })

  it('counts for nothing, even if its key is of another kind', () => {
    expect(signersOn(later, 'acknowledgement', day).map(({ name }) => name)).toEqual(['desk'])
    expect(signersOn(later, 'export', day)).toEqual([])
    expect(signerKeysOn(later, 'acknowledgement', day)).toHaveLength(1)
  })

  it.each(['root', '', 'UPPER', 'a b', 'a'.repeat(41), '../x'])('is refused as %j', (purpose) => {
    const signers = [{ ...entryOf(known), purpose }]
    expect(() => parseKeyring(formatKeyring({ ...known, signers }))).toThrow('signers[0].purpose')
  })
})

describe('verifySignerWithNoble', () => {
  const [desk, other] = [generateSigningKey(), generateSigningKey()]
  const message = new TextEncoder().encode('index')
  const sign = (key: typeof desk) =>
    signMinisign({ secretKey: key, message, trustedComment: 'tumen replies index seq 1' })

  it('finds the key that signed', () => {
    const keys = [other.publicKey, desk.publicKey]
    expect(verifySignerWithNoble({ keys, message, signature: sign(desk) })).toEqual({
      key: desk.publicKey,
      trustedComment: 'tumen replies index seq 1',
    })
  })

  it('refuses a key that is not in force, and other bytes', () => {
    const keys = [other.publicKey]
    const signature = sign(desk)
    expect(refusalOf(() => verifySignerWithNoble({ keys, message, signature }))).toBe('WRONG_KEY')
    expect(
      refusalOf(() =>
        verifySignerWithNoble({
          keys: [desk.publicKey],
          message: new Uint8Array(5),
          signature,
        }),
      ),
    ).toBe('SIGNATURE_INVALID')
    // The id of a key is not a secret: another key may claim it.
    const forged = { ...other, publicKey: { ...other.publicKey, keyId: desk.publicKey.keyId } }
    expect(
      refusalOf(() =>
        verifySignerWithNoble({ keys: [desk.publicKey], message, signature: sign(forged) }),
      ),
    ).toBe('SIGNATURE_INVALID')
  })
})
