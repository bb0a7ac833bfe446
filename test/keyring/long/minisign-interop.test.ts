import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  formatSecretKey,
  generateSigningKey,
  parsePublicKey,
  parseSecretKey,
  verifyMinisign,
} from '../../../src/keyring/minisign.ts'
import { Secret } from '../../../src/keyring/secret.ts'
import { makeTempDir } from '../fixtures.ts'
import { hasMinisign, minisign } from '../minisign-program.ts'

/** Each derivation takes three seconds and 1 GiB on an idle machine. */
const derivingTimeout = 120_000
const passphrase = 'six random words, or so'

describe.runIf(hasMinisign)('minisign, with its own limits', () => {
  it(
    'opens a key we protected with a passphrase',
    async () => {
      const dir = await makeTempDir()
      const key = generateSigningKey()
      await writeFile(join(dir, 'm'), 'hello\n')
      await writeFile(join(dir, 'k.key'), formatSecretKey(key, Secret.fromText(passphrase)))
      expect(minisign(dir, ['-S', '-s', 'k.key', '-m', 'm'], `${passphrase}\n`).status).toBe(0)
      verifyMinisign({
        publicKey: key.publicKey,
        message: Buffer.from('hello\n'),
        signature: await readFile(join(dir, 'm.minisig')),
      })
    },
    derivingTimeout,
  )

  it(
    'protects a key with a passphrase that we open',
    async () => {
      const dir = await makeTempDir()
      expect(
        minisign(dir, ['-G', '-p', 'k.pub', '-s', 'k.key'], `${passphrase}\n${passphrase}\n`)
          .status,
      ).toBe(0)
      const key = parseSecretKey(
        await readFile(join(dir, 'k.key'), 'utf8'),
        Secret.fromText(passphrase),
      )
      expect(key.publicKey).toEqual(parsePublicKey(await readFile(join(dir, 'k.pub'), 'utf8')))
    },
    derivingTimeout,
  )
})
