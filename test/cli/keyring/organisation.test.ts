import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { runHere } from '../support/run-here.ts'
import { makeTempDir } from '../support/run-tumen.ts'

const hasMinisign = spawnSync('minisign', ['-v']).status === 0
const words = { about: 'We help.', reading: 'Every day.', elsewhere: 'The other office.' }

async function run(dir: string, ...args: string[]) {
  return await runHere({ dir, env: { TUMEN_KEYS_DIR: join(dir, 'keys') } }, ['keyring', ...args])
}

/** A signed keyring in a folder with its root key. */
async function prepare(): Promise<string> {
  const dir = await makeTempDir()
  for (const args of [['root', '--purpose', 'root'], ['kim']])
    await runHere({ dir, env: {} }, ['keys', 'new', ...args, '--no-passphrase'])
  await run(dir, 'init', '--root-pub', 'root.pub', '--expires', '2099-12-31')
  await run(dir, 'add', 'kim.card.json')
  await run(dir, 'sign', '--root-key', 'root.key')
  return dir
}

function fillIn(dir: string, languages: object): void {
  const path = join(dir, 'us.json')
  const form = JSON.parse(readFileSync(path, 'utf8')) as object
  writeFileSync(path, JSON.stringify({ ...form, languages }))
}

describe('tumen keyring organisation', () => {
  it('writes a form, takes it over when it is filled in, and signs it', async () => {
    const dir = await prepare()
    expect((await run(dir, 'verify')).stderr).toContain('there is no organisation.json')
    expect((await run(dir, 'organisation', 'us.json')).stdout).toBe('wrote the form us.json\n')

    const empty = await run(dir, 'organisation', 'us.json')
    expect(empty.status).toBe(1)
    expect(empty.stderr).toContain('languages.en.name is empty')
    expect(existsSync(join(dir, 'keys/organisation.json'))).toBe(false)

    fillIn(dir, { ko: words, en: { name: 'Us', ...words } })
    const taken = await run(dir, 'organisation', 'us.json')
    expect(taken.status).toBe(0)
    expect(taken.stdout).toBe('en  Us, a neutral title\nko  no name, on purpose, a neutral title\n')
    const unsigned = await run(dir, 'verify', '--json')
    expect(unsigned.status).toBe(1)
    expect(JSON.parse(unsigned.stdout)).toMatchObject({
      state: 'nominal',
      organisation: { state: 'unsigned' },
    })

    const signed = await run(dir, 'sign', '--root-key', 'root.key')
    expect(signed.stdout).toContain('signed organisation.json\n')
    const verified = await run(dir, 'verify')
    expect(verified).toMatchObject({ status: 0 })
    expect(verified.stdout).toContain('organisation.json is signed, in en, ko\n')
    const [file, key] = [join(dir, 'keys/organisation.json'), join(dir, 'keys/root.pub')]
    if (hasMinisign) expect(spawnSync('minisign', ['-Vm', file, '-p', key]).status).toBe(0)
  })

  it('takes away the signature when the words change, and keeps it when they do not', async () => {
    const dir = await prepare()
    await run(dir, 'organisation', 'us.json')
    fillIn(dir, { en: words })
    await run(dir, 'organisation', 'us.json')
    await run(dir, 'sign', '--root-key', 'root.key')
    expect((await run(dir, 'organisation', 'us.json')).stderr).toContain('nothing is changed')
    expect((await run(dir, 'verify')).status).toBe(0)
    fillIn(dir, { en: { ...words, reading: 'Every Monday.' } })
    await run(dir, 'organisation', 'us.json')
    expect((await run(dir, 'verify')).stderr).toContain('organisation unsigned: ')
    // An editor that begins files with a byte order mark changes no words.
    const path = join(dir, 'us.json')
    writeFileSync(path, `\ufeff${readFileSync(path, 'utf8')}`)
    expect((await run(dir, 'organisation', 'us.json')).stderr).toContain('nothing is changed')
  })

  it('signs nothing when organisation.json is wrong, and names the field', async () => {
    const dir = await prepare()
    const path = join(dir, 'keys/organisation.json')
    writeFileSync(path, JSON.stringify({ format: 'tumen-organisation', version: 1 }))
    const signed = await run(dir, 'sign', '--root-key', 'root.key')
    expect(signed.status).toBe(1)
    expect(signed.stderr).toContain('organisation.json: languages must be')
    expect(existsSync(`${path}.minisig`)).toBe(false)
  })

  it('reports a changed file as tampered', async () => {
    const dir = await prepare()
    await run(dir, 'organisation', 'us.json')
    fillIn(dir, { en: words })
    await run(dir, 'organisation', 'us.json')
    await run(dir, 'sign', '--root-key', 'root.key')
    const path = join(dir, 'keys/organisation.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('Every day', 'Never'))
    const verified = await run(dir, 'verify', '--json')
    expect(verified.status).toBe(1)
    expect(JSON.parse(verified.stdout)).toMatchObject({ organisation: { state: 'tampered' } })
  })
})
