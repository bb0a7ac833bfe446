import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import {
  formatPublicKeyFile,
  formatSecretKey,
  generateSigningKey,
  parsePublicKey,
  parseSecretKey,
  signMinisign,
  verifyMinisign,
} from '../../src/keyring/minisign.ts'
import { Secret } from '../../src/keyring/secret.ts'
import { cheapLimits, makeTempDir } from './fixtures.ts'
import { hasMinisign, minisign } from './minisign-program.ts'

const passphrase = 'six random words, or so'

describe.runIf(hasMinisign)('minisign the program', () => {
  it('verifies our signature and its comment', async () => {
    const dir = await makeTempDir()
    const key = generateSigningKey()
    const message = new Uint8Array(100_000).fill(7)
    await writeFile(join(dir, 'm'), message)
    await writeFile(join(dir, 'k.pub'), formatPublicKeyFile(key.publicKey))
    await writeFile(
      join(dir, 'm.minisig'),
      signMinisign({ secretKey: key, message, trustedComment: '서명 2026-11-23' }),
    )
    const verified = minisign(dir, ['-V', '-H', '-Q', '-m', 'm', '-p', 'k.pub'])
    expect(verified).toEqual({ status: 0, text: '서명 2026-11-23\n' })
    await writeFile(join(dir, 'm'), message.fill(8))
    expect(minisign(dir, ['-V', '-m', 'm', '-p', 'k.pub']).status).toBe(1)
  })

  it.each([
    ['prehashed', []],
    ['legacy', ['-l']],
  ])('makes %s signatures that we verify', async (_kind, flags) => {
    const dir = await makeTempDir()
    await writeFile(join(dir, 'm'), 'hello\n')
    expect(minisign(dir, ['-G', '-W', '-p', 'k.pub', '-s', 'k.key']).status).toBe(0)
    expect(minisign(dir, ['-S', ...flags, '-s', 'k.key', '-m', 'm', '-t', 'by hand']).status).toBe(
      0,
    )
    const publicKey = parsePublicKey(await readFile(join(dir, 'k.pub'), 'utf8'))
    const signature = await readFile(join(dir, 'm.minisig'))
    expect(verifyMinisign({ publicKey, message: Buffer.from('hello\n'), signature })).toEqual({
      trustedComment: 'by hand',
    })
    expect(() => verifyMinisign({ publicKey, message: Buffer.from('hullo\n'), signature })).toThrow(
      'does not match',
    )
  })

  it('signs with our unprotected key, and we read one of its own', async () => {
    const dir = await makeTempDir()
    const key = generateSigningKey()
    await writeFile(join(dir, 'm'), 'hello\n')
    await writeFile(join(dir, 'ours.key'), formatSecretKey(key))
    expect(minisign(dir, ['-S', '-s', 'ours.key', '-m', 'm']).status).toBe(0)
    const signature = await readFile(join(dir, 'm.minisig'))
    verifyMinisign({ publicKey: key.publicKey, message: Buffer.from('hello\n'), signature })

    minisign(dir, ['-G', '-W', '-p', 'k.pub', '-s', 'k.key'])
    const theirs = parseSecretKey(await readFile(join(dir, 'k.key'), 'utf8'))
    expect(theirs.publicKey).toEqual(parsePublicKey(await readFile(join(dir, 'k.pub'), 'utf8')))
  })

  // With cheap limits. minisign's own limits are tested in long/minisign-interop.test.ts.
  it('opens a key we protected with a passphrase', async () => {
    const dir = await makeTempDir()
    const key = generateSigningKey()
    const locked = formatSecretKey(key, Secret.fromText(passphrase), cheapLimits)
    await writeFile(join(dir, 'm'), 'hello\n')
    await writeFile(join(dir, 'k.key'), locked)
    expect(minisign(dir, ['-S', '-s', 'k.key', '-m', 'm'], `${passphrase}\n`).status).toBe(0)
    verifyMinisign({
      publicKey: key.publicKey,
      message: Buffer.from('hello\n'),
      signature: await readFile(join(dir, 'm.minisig')),
    })
  })
})
