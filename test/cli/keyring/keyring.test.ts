import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { runHere } from '../support/run-here.ts'
import { makeTempDir, runTumen } from '../support/run-tumen.ts'

const hasMinisign = spawnSync('minisign', ['-v']).status === 0

async function run(dir: string, ...args: string[]) {
  return await runHere({ dir, env: { TUMEN_KEYS_DIR: join(dir, 'keys') } }, ['keyring', ...args])
}

async function prepare(): Promise<string> {
  const dir = await makeTempDir()
  for (const args of [
    ['root', '--purpose', 'root'],
    ['kim'],
    ['desk', '--purpose', 'acknowledgement'],
  ]) {
    await runHere({ dir, env: {} }, ['keys', 'new', ...args, '--no-passphrase'])
  }
  return dir
}

describe('tumen keyring', () => {
  it('holds a ceremony from start to end', async () => {
    const dir = await prepare()
    expect((await run(dir, 'verify')).stderr).toContain('missing: ')
    expect(
      (await run(dir, 'init', '--root-pub', 'root.pub', '--expires', '2099-12-31')).status,
    ).toBe(0)
    const empty = await run(dir, 'sign', '--root-key', 'root.key')
    expect(empty).toMatchObject({ status: 1, stdout: '' })
    expect(empty.stderr).toContain('no recipient in force')
    expect(existsSync(join(dir, 'keys/keyring.json.minisig'))).toBe(false)

    const added = await run(dir, 'add', 'kim.card.json', 'desk.card.json')
    expect(added.status).toBe(0)
    expect(added.stdout).toMatch(/^added kim: (\d{5} ){7}\d{5}\nadded desk: /)
    const unsigned = await run(dir, 'verify', '--json')
    expect(unsigned.status).toBe(1)
    expect(JSON.parse(unsigned.stdout)).toMatchObject({ state: 'unsigned' })

    const wrongKey = await run(dir, 'sign', '--root-key', 'desk.key')
    expect(wrongKey.status).toBe(1)
    expect(wrongKey.stderr).toContain('is not the key of root.pub')
    expect(existsSync(join(dir, 'keys/keyring.json.minisig'))).toBe(false)

    const signed = await run(dir, 'sign', '--root-key', 'root.key')
    expect(signed.status).toBe(0)
    const verified = await run(dir, 'verify')
    expect(verified.status).toBe(0)
    expect(verified.stdout).toMatch(
      /^nominal: signed, 1 in force, valid until 2099-12-31\nfingerprint /,
    )
    expect(signed.stdout.split('\n')[1]).toBe(verified.stdout.split('\n')[1])
    if (hasMinisign)
      expect(
        spawnSync('minisign', ['-Vm', 'keys/keyring.json', '-p', 'keys/root.pub'], { cwd: dir })
          .status,
      ).toBe(0)

    const shown = JSON.parse((await run(dir, 'show', '--json')).stdout)
    expect(shown).toMatchObject({
      state: 'nominal',
      demo: false,
      recipients: [{ name: 'kim', in_force: true }],
      signers: [{ name: 'desk' }],
    })
  })

  it('retires people, refuses to sign without recipients, and shows the state', async () => {
    const dir = await prepare()
    await run(dir, 'init', '--root-pub', 'root.pub')
    await run(dir, 'add', 'kim.card.json')
    await run(dir, 'sign', '--root-key', 'root.key')
    const path = join(dir, 'keys/keyring.json')
    const bytes = readFileSync(path, 'utf8')
    writeFileSync(path, bytes.replace('"kim"', '"Kim"'))
    expect(JSON.parse((await run(dir, 'verify', '--json')).stdout).state).toBe('tampered')
    expect((await run(dir, 'show')).stdout).toMatch(/^keyring: tampered/)
    writeFileSync(path, bytes)
    expect((await run(dir, 'retire', 'nobody')).stderr).toContain('nobody named "nobody"')
    expect((await run(dir, 'verify')).status).toBe(0)
    expect((await run(dir, 'retire', 'KIM', '--on', '2026-01-01')).status).toBe(0)
    expect((await run(dir, 'show')).stdout).toMatch(
      /kim \(analyst\): not in force, .*, retired 2026-01-01/,
    )
    expect((await run(dir, 'sign', '--root-key', 'root.key')).stderr).toContain(
      'no recipient in force',
    )
  })

  it('signs an expired keyring again only with a later last day', async () => {
    const dir = await prepare()
    await run(dir, 'init', '--root-pub', 'root.pub')
    await run(dir, 'add', 'kim.card.json')
    const path = join(dir, 'keys/keyring.json')
    const expired = readFileSync(path, 'utf8').replace(
      /"(issued|expires)": "[^"]*"/g,
      '"$1": "2020-01-01"',
    )
    writeFileSync(path, expired)
    const refused = await run(dir, 'sign', '--root-key', 'root.key')
    expect(refused).toMatchObject({ status: 1 })
    expect(refused.stderr).toContain('--expires DAY')
    expect(readFileSync(path, 'utf8')).toBe(expired)
    expect(
      (await run(dir, 'sign', '--root-key', 'root.key', '--expires', '2099-01-01')).status,
    ).toBe(0)
    expect((await run(dir, 'verify')).status).toBe(0)
  })

  it('adds all cards or none, and never a root key', async () => {
    const dir = await prepare()
    await run(dir, 'init', '--root-pub', 'root.pub')
    const before = readFileSync(join(dir, 'keys/keyring.json'))
    const { status, stderr } = await run(dir, 'add', 'kim.card.json', 'root.card.json')
    expect(status).toBe(1)
    expect(stderr).toContain('root key')
    expect(readFileSync(join(dir, 'keys/keyring.json'))).toEqual(before)
  })

  it('never replaces a keyring, and never starts one under another root', async () => {
    const dir = await prepare()
    await run(dir, 'init', '--root-pub', 'root.pub')
    expect((await run(dir, 'init', '--root-pub', 'root.pub')).stderr).toContain(
      'exists and is not replaced',
    )
    expect((await run(dir, 'init', '--root-pub', 'desk.pub')).stderr).toContain('is another root')
  })

  it.each([
    [['init'], '--root-pub FILE is needed'],
    [['sign'], '--root-key FILE is needed'],
    [['init', '--root-pub', 'root.pub', '--expires', '2027-02-29'], '--expires must be a day'],
    [['add'], 'too few arguments'],
    [['retire', 'kim', '--on', 'today'], '--on must be a day'],
  ])('%j ends with 2 and says what to do', async (args, expected) => {
    const { status, stderr } = await run('/', ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(expected)
    expect(stderr).toContain(`(try: tumen keyring ${args[0]} --help)`)
  })

  it('reports wrong settings as a wrong command line', async () => {
    const { status, stderr } = await runTumen('/', ['keyring', 'show'], { TUMEN_MAX_BYTES: 'x' })
    expect(status).toBe(2)
    expect(stderr).toContain('TUMEN_MAX_BYTES')
  })
})
