import { describe, expect, it } from 'vitest'
import { sealWithPassphrase } from '../../src/age/passphrase.ts'
import { recipientOf } from '../../src/age/keys.ts'
import { formatIdentityFile, generateIdentityPair } from '../../src/keyring/identity-file.ts'
import { isPassphraseProtected, readIdentities } from '../../src/open/identities.ts'
import { day, primitives } from '../support/ceremony.ts'

const pair = generateIdentityPair(primitives)
const plain = new TextEncoder().encode(formatIdentityFile(pair, { name: '김', day }))
const locked = await sealWithPassphrase(primitives, plain, '여섯 낱말', 10)
const never = async () => Promise.reject(new Error('the passphrase must not be requested'))

describe('readIdentities', () => {
  it('reads both identities of a plain file without asking for a passphrase', async () => {
    const identities = await readIdentities(primitives, plain, never)
    expect(identities.map(recipientOf)).toEqual([pair.hybrid, pair.x25519].map(recipientOf))
  })

  it('asks for the passphrase of a sealed file', async () => {
    expect([plain, locked].map(isPassphraseProtected)).toEqual([false, true])
    const identities = await readIdentities(primitives, locked, async () => '여섯 낱말')
    expect(identities.map(recipientOf)).toEqual([pair.hybrid, pair.x25519].map(recipientOf))
  })

  it('throws NO_MATCH for the wrong passphrase', async () => {
    await expect(readIdentities(primitives, locked, async () => '다른 낱말')).rejects.toMatchObject(
      { name: 'AgeError', code: 'NO_MATCH' },
    )
  })

  it.each([
    ['no identity', new TextEncoder().encode('# nothing\n')],
    ['a recipient', new TextEncoder().encode(recipientOf(pair.hybrid))],
    ['a cut identity', plain.subarray(0, plain.length - 5)],
    ['nothing', new Uint8Array(0)],
  ])('throws INVALID for %s without quoting it', async (_what, bytes) => {
    const error = await readIdentities(primitives, bytes, never).catch((reason: Error) => reason)
    expect(error).toMatchObject({ name: 'KeyringError', code: 'INVALID' })
    expect(String(error)).not.toMatch(/AGE-SECRET-KEY-[A-Z]*-?1/)
  })
})
