import { Decrypter, Encrypter } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { ascii } from '../../src/age/bytes.ts'
import { openWithPassphrase, sealWithPassphrase } from '../../src/age/passphrase.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { withWorkFactor } from './work-factor.ts'

// A small work factor saves time; the format is the same.
const logN = 10
const secret = ascii('AGE-SECRET-KEY-1…\n')

const primitives = await loadSodiumPrimitives()

describe('sealWithPassphrase and openWithPassphrase', () => {
  it('seals what typage opens', async () => {
    const decrypter = new Decrypter()
    decrypter.addPassphrase('정확한 말')
    const sealed = await sealWithPassphrase(primitives, secret, '정확한 말', logN)
    expect(Buffer.from(await decrypter.decrypt(sealed)).equals(secret)).toBe(true)
  })

  it('opens what typage seals', async () => {
    const encrypter = new Encrypter()
    encrypter.setScryptWorkFactor(logN)
    encrypter.setPassphrase('correct horse')
    const opened = await openWithPassphrase(
      primitives,
      await encrypter.encrypt(secret),
      'correct horse',
    )
    expect(Buffer.from(opened).equals(secret)).toBe(true)
  })

  it('throws NO_MATCH for the wrong passphrase', async () => {
    const sealed = await sealWithPassphrase(primitives, secret, 'right', logN)
    await expect(openWithPassphrase(primitives, sealed, 'wrong')).rejects.toMatchObject({
      code: 'NO_MATCH',
    })
  })

  it('refuses a work factor of 2^21, before it derives anything', async () => {
    const sealed = await sealWithPassphrase(primitives, secret, 'right', logN)
    await expect(
      openWithPassphrase(primitives, withWorkFactor(sealed, 21), 'right'),
    ).rejects.toMatchObject({ code: 'HEADER_INVALID' })
  })
})
