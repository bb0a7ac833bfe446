import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { KeyringError } from '../../src/keyring/errors.ts'
import { retire } from '../../src/keyring/edit.ts'
import { formatKeyring, parseKeyring, recipientsOn, signersOn } from '../../src/keyring/keyring.ts'
import { isExpired, loadKeyring, loadSignedKeyring } from '../../src/keyring/load.ts'
import {
  formatPublicKeyLine,
  generateSigningKey,
  parseSecretKey,
  signMinisign,
} from '../../src/keyring/minisign.ts'
import { parseIdentityFile } from '../../src/keyring/identity-file.ts'
import { signKeyring } from '../../src/keyring/sign.ts'
import { recipientOf } from '../../src/age/keys.ts'
import { checkSigned } from '../../src/page/sealing/trusted-keyring.ts'
import { day, makeTempDir, primitives } from './fixtures.ts'

async function holdCeremony() {
  const base = await makeTempDir()
  const keysDir = join(base, 'keys')
  const dataDir = join(base, 'var')
  const paths = await createDemoCeremony({ keysDir, dataDir, day, primitives })
  return { base, keysDir, dataDir, paths }
}

async function failureOf(promise: Promise<unknown>): Promise<KeyringError> {
  const error = await promise.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof KeyringError) return error
  throw error
}

describe('loadKeyring', () => {
  it('returns the keyring, its signed bytes, and the fingerprint that sha256sum prints', async () => {
    const { keysDir } = await holdCeremony()
    const loaded = await loadKeyring({ dir: keysDir, day })
    expect(loaded.keyring.demo).toBe(true)
    expect(Buffer.from(loaded.bytes)).toEqual(await readFile(join(keysDir, 'keyring.json')))
    expect(Buffer.from(loaded.signature)).toEqual(
      await readFile(join(keysDir, 'keyring.json.minisig')),
    )
    expect(loaded.rootText).toBe(await readFile(join(keysDir, 'root.pub'), 'utf8'))
    const { stdout } = spawnSync('sha256sum', [join(keysDir, 'keyring.json')], { encoding: 'utf8' })
    expect(stdout.slice(0, 64)).toBe(loaded.fingerprint)
  })

  it.each([
    ['keyring.json', 'MISSING', 'tumen keyring init'],
    ['keyring.json.minisig', 'UNSIGNED', 'tumen keyring sign'],
    ['root.pub', 'ROOT_MISSING', 'root'],
  ])('without %s throws %s and says what to do', async (file, code, wayOut) => {
    const { keysDir } = await holdCeremony()
    await rm(join(keysDir, file))
    const error = await failureOf(loadKeyring({ dir: keysDir, day }))
    expect(error.code).toBe(code)
    expect(error.message).toContain(wayOut)
  })

  it('throws MISSING for a folder that does not exist', async () => {
    expect((await failureOf(loadKeyring({ dir: '/nonexistent/keys', day }))).code).toBe('MISSING')
  })

  it('throws TAMPERED for one changed byte, a foreign signature, and a broken one', async () => {
    const { keysDir } = await holdCeremony()
    const path = join(keysDir, 'keyring.json')
    const bytes = await readFile(path)
    await writeFile(path, bytes.toString().replace('DEMO analyst', 'DEMO Analyst'))
    expect((await failureOf(loadKeyring({ dir: keysDir, day }))).code).toBe('TAMPERED')
    const foreign = signMinisign({
      secretKey: generateSigningKey(),
      message: bytes,
      trustedComment: 'x',
    })
    await writeFile(path, bytes)
    for (const signature of [foreign, 'garbage', '']) {
      await writeFile(`${path}.minisig`, signature)
      expect((await failureOf(loadKeyring({ dir: keysDir, day }))).code).toBe('TAMPERED')
    }
  })

  it('throws TAMPERED for a legacy signature, which the page refuses too', async () => {
    const { keysDir, paths } = await holdCeremony()
    const path = join(keysDir, 'keyring.json')
    const args = ['-S', '-l', '-s', paths.rootKeyPath, '-m', path, '-x', `${path}.minisig`]
    expect(spawnSync('minisign', args).status).toBe(0)
    const { code, message } = await failureOf(loadKeyring({ dir: keysDir, day }))
    expect(code).toBe('TAMPERED')
    expect(message).toContain('sign again without -l')
    const files = { bytes: await readFile(path), signature: await readFile(`${path}.minisig`) }
    const [, rootLine = ''] = (await readFile(join(keysDir, 'root.pub'), 'utf8')).split('\n')
    expect(() => checkSigned(files, rootLine)).toThrow('signature does not match')
  })

  it('throws INVALID for a signed file that is not a keyring, and for a broken root', async () => {
    const { keysDir, paths } = await holdCeremony()
    const root = parseSecretKey(await readFile(paths.rootKeyPath, 'utf8'))
    const path = join(keysDir, 'keyring.json')
    await writeFile(path, '{}')
    await writeFile(
      `${path}.minisig`,
      signMinisign({ secretKey: root, message: Buffer.from('{}'), trustedComment: 'x' }),
    )
    expect((await failureOf(loadKeyring({ dir: keysDir, day }))).code).toBe('INVALID')
    await writeFile(join(keysDir, 'root.pub'), 'RW')
    expect((await failureOf(loadKeyring({ dir: keysDir, day }))).message).toContain('root.pub')
  })

  it('counts the day of expiry, and throws EXPIRED the day after', async () => {
    const { keysDir } = await holdCeremony()
    const loaded = await loadKeyring({ dir: keysDir, day: '2027-11-22' })
    await loadKeyring({ dir: keysDir, day: '2027-11-23' })
    const error = await failureOf(loadKeyring({ dir: keysDir, day: '2027-11-24' }))
    expect(error.code).toBe('EXPIRED')
    expect(error.message).toContain('2027-11-23')
    expect(
      ['2027-11-22', '2027-11-23', '2027-11-24'].map((when) => isExpired(loaded, when)),
    ).toEqual([false, false, true])
    expect((await loadSignedKeyring(keysDir)).keyring.expires).toBe('2027-11-23')
  })

  it('throws NO_RECIPIENTS when nobody is in force', async () => {
    const { keysDir, paths } = await holdCeremony()
    const root = parseSecretKey(await readFile(paths.rootKeyPath, 'utf8'))
    const path = join(keysDir, 'keyring.json')
    const bytes = formatKeyring(retire(parseKeyring(await readFile(path)), 'DEMO analyst', day))
    await writeFile(path, bytes)
    await writeFile(`${path}.minisig`, signKeyring(bytes, root))
    expect((await failureOf(loadKeyring({ dir: keysDir, day }))).code).toBe('NO_RECIPIENTS')
  })

  it('says so when a file cannot be read', async () => {
    const { keysDir } = await holdCeremony()
    await rm(join(keysDir, 'keyring.json'))
    await mkdir(join(keysDir, 'keyring.json'))
    const error = await failureOf(loadKeyring({ dir: keysDir, day }))
    expect(error.message).toContain('EISDIR')
  })

  it('reads no file past its bound', async () => {
    const { keysDir } = await holdCeremony()
    await writeFile(join(keysDir, 'keyring.json'), Buffer.alloc(1024 * 1024 + 1))
    expect((await failureOf(loadKeyring({ dir: keysDir, day }))).message).toContain('longer than')
  })
})

describe('createDemoCeremony', () => {
  it('writes keys that belong together, readable only by the owner', async () => {
    const { keysDir, paths, dataDir } = await holdCeremony()
    const { keyring, root } = await loadKeyring({ dir: keysDir, day })
    const publicLine = async (path: string) =>
      formatPublicKeyLine(parseSecretKey(await readFile(path, 'utf8')).publicKey)
    expect(await publicLine(paths.rootKeyPath)).toBe(formatPublicKeyLine(root))
    expect(await publicLine(paths.exportKeyPath)).toBe(
      signersOn(keyring, 'export', day)[0]?.public_key,
    )
    expect(await publicLine(paths.deskKeyPath)).toBe(
      signersOn(keyring, 'acknowledgement', day)[0]?.public_key,
    )
    const identities = parseIdentityFile(primitives, await readFile(paths.identityPath))
    const [analyst] = recipientsOn(keyring, day)
    expect(identities.map(recipientOf)).toEqual([analyst?.recipient, analyst?.recipient_x25519])
    for (const path of [...Object.values(paths), join(keysDir, 'keyring.json')])
      expect((await stat(path)).mode & 0o777).toBe(0o600)
    for (const dir of [keysDir, dataDir, join(dataDir, 'demo')])
      expect((await stat(dir)).mode & 0o777).toBe(0o700)
  })

  it('changes nothing in a folder with a keyring', async () => {
    const { base, keysDir, dataDir } = await holdCeremony()
    const before = await readFile(join(keysDir, 'keyring.json'))
    const error = await failureOf(
      createDemoCeremony({ keysDir, dataDir: join(base, 'other'), day, primitives }),
    )
    expect(error.code).toBe('EXISTS')
    expect(await readFile(join(keysDir, 'keyring.json'))).toEqual(before)
    expect(await readdir(base)).not.toContain('other')
    expect((await readdir(dataDir)).sort()).toEqual(['demo', 'export.key'])
  })

  it('sets secrets of an earlier demo aside when its keyring is gone', async () => {
    const { keysDir, dataDir, paths } = await holdCeremony()
    const earlier = await readFile(paths.identityPath)
    await rm(join(keysDir, 'keyring.json'))
    await createDemoCeremony({ keysDir, dataDir, day, primitives })
    await loadKeyring({ dir: keysDir, day })
    expect(await readFile(`${paths.identityPath}.old-1`)).toEqual(earlier)
  })

  it('leaves no incomplete ceremony where it cannot write', async () => {
    const base = await makeTempDir()
    // Not even root can create a folder below a file.
    await writeFile(join(base, 'file'), '')
    const options = {
      keysDir: join(base, 'file', 'k'),
      dataDir: join(base, 'file', 'v'),
      day,
      primitives,
    }
    await expect(createDemoCeremony(options)).rejects.toThrow()
    expect(await readdir(base)).toEqual(['file'])
  })
})
