import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { sealWithPassphrase } from '../../../src/age/passphrase.ts'
import { primitives } from '../../support/ceremony.ts'
import { runHere } from '../support/run-here.ts'
import { makeTempDir, runProgram, tumenPath } from '../support/run-tumen.ts'

const has = (program: string) => spawnSync('which', [program]).status === 0
for (const program of ['age', 'minisign', 'script'])
  if (!has(program)) console.warn(`skipped: what needs ${program}, because it is not installed`)

/** Cheap work factor for tests of other things. The tests on a terminal use the real one. */
const cheapLogN = 4
const passphrase = 'orbit velvet canyon drift mango pistol'
const run = (dir: string, ...args: string[]) => runHere({ dir, env: {} }, ['keys', ...args])
const newKim = [process.execPath, tumenPath, 'keys', 'new', 'kim']

describe('tumen keys new', () => {
  it('makes an identity and its card, readable only by the owner', async () => {
    const dir = await makeTempDir()
    const { status, stdout, stderr } = await run(
      dir,
      'new',
      '김 분석가',
      '--no-passphrase',
      '--role',
      '분석가',
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/fingerprint (\d{5} ){7}\d{5}\n/)
    expect(readdirSync(dir).sort()).toEqual(['김 분석가.card.json', '김 분석가.identity'])
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
    const card = JSON.parse(readFileSync(join(dir, '김 분석가.card.json'), 'utf8'))
    expect(card).toMatchObject({ kind: 'recipient', name: '김 분석가', role: '분석가' })
    const identity = readFileSync(join(dir, '김 분석가.identity'), 'utf8')
    expect(identity).toMatch(/^AGE-SECRET-KEY-PQ-1[0-9A-Z]+$/m)
    expect(identity).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]+$/m)
    expect(identity).toContain(`# public key: ${card.recipient}`)
  })

  it('shows the fingerprint as a QR code only with --qr', async () => {
    const dir = await makeTempDir()
    const { stdout } = await run(dir, 'new', 'kim', '--no-passphrase', '--qr')
    const code = stdout.split('\n').filter((line) => /^[ ▀▄█]+$/.test(line))
    // A QR code of version 3 has 29 modules, and a border of two on each side.
    expect(code).toHaveLength(17)
    expect(new Set(code.map((line) => line.length))).toEqual(new Set([33]))
    expect((await run(dir, 'new', 'lee', '--no-passphrase')).stdout).not.toContain('█')
  })

  it('never replaces a file', async () => {
    const dir = await makeTempDir()
    await run(dir, 'new', 'kim', '--no-passphrase')
    const before = readFileSync(join(dir, 'kim.identity'))
    const { status, stderr } = await run(dir, 'new', 'kim', '--no-passphrase', '--purpose', 'root')
    expect(status).toBe(1)
    expect(stderr).toContain('exists and is not replaced')
    expect(readFileSync(join(dir, 'kim.identity'))).toEqual(before)
    expect(readdirSync(dir).sort()).toEqual(['kim.card.json', 'kim.identity'])
  })

  it.each([
    [['../kim', '--no-passphrase'], 2, 'becomes a file name'],
    [['.kim', '--no-passphrase'], 2, 'becomes a file name'],
    [['k\u202eim', '--no-passphrase'], 2, 'must not contain'],
    [['x'.repeat(81), '--no-passphrase'], 2, '1 to 80 characters'],
    [
      ['kim', '--purpose', 'other', '--no-passphrase'],
      2,
      '--purpose must be one of export, acknowledgement, root',
    ],
    [['kim', '--purpose', 'root', '--role', 'x', '--no-passphrase'], 2, 'do not go together'],
    [
      ['kim', '--no-passphrase', '--passphrase-file', 'x'],
      2,
      '--passphrase-file and --no-passphrase do not go together',
    ],
    [
      ['kim', '--no-passphrase', '--generate-passphrase'],
      2,
      '--generate-passphrase and --no-passphrase do not go together',
    ],
    [['kim', '--passphrase-file', 'missing'], 1, 'missing is missing'],
    [['kim', '--passphrase-file', 'weak'], 1, 'can be guessed'],
    [['kim', '--passphrase-file', 'empty'], 1, 'is empty'],
  ])('%j is refused and leaves nothing behind', async (args, expectedStatus, expected) => {
    const dir = await makeTempDir()
    writeFileSync(join(dir, 'weak'), 'Summer2026!\n')
    writeFileSync(join(dir, 'empty'), '\n')
    const { status, stderr } = await run(dir, 'new', ...args)
    expect(status).toBe(expectedStatus)
    expect(stderr).toContain(expected)
    expect(stderr).not.toContain('Summer')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(readdirSync(dir).sort()).toEqual(['empty', 'weak'])
  })

  it.each([[[]], [['--generate-passphrase']]])(
    'says the way out when there is no terminal (%j)',
    async (more) => {
      const dir = await makeTempDir()
      const { status, stderr } = await runProgram('setsid', dir, ['-w', ...newKim, ...more])
      expect(status).toBe(1)
      expect(stderr).toContain('give --passphrase-file FILE')
      expect(readdirSync(dir)).toEqual([])
    },
  )
})

describe('tumen keys show', () => {
  it('shows the same public facts of an identity, sealed or not, and of its card', async () => {
    const dir = await makeTempDir()
    writeFileSync(join(dir, 'pw'), `${passphrase}\n`)
    await run(dir, 'new', 'kim', '--no-passphrase')
    const plain = readFileSync(join(dir, 'kim.identity'))
    writeFileSync(
      join(dir, 'kim.identity.age'),
      await sealWithPassphrase(primitives, plain, passphrase, cheapLogN),
    )
    const sealed = await run(dir, 'show', 'kim.identity.age', '--passphrase-file', 'pw', '--json')
    const card = await run(dir, 'show', 'kim.card.json', '--json')
    const facts = JSON.parse(sealed.stdout)
    expect(JSON.parse(card.stdout)).toMatchObject({
      recipient: facts.recipient,
      recipient_x25519: facts.recipient_x25519,
      fingerprint: facts.fingerprint,
    })
    expect(sealed.stdout).not.toContain('SECRET')
    expect((await run(dir, 'show', 'kim.identity', '--json')).stdout).toBe(sealed.stdout)
    writeFileSync(join(dir, 'wrong'), 'another passphrase\n')
    const wrong = await run(dir, 'show', 'kim.identity.age', '--passphrase-file', 'wrong')
    expect(wrong.status).toBe(1)
    expect(wrong.stderr.trim().split('\n')).toHaveLength(1)
  })

  it.runIf(has('minisign'))('shows a signing key; minisign signs with it', async () => {
    const dir = await makeTempDir()
    await run(dir, 'new', 'server', '--purpose', 'export', '--no-passphrase')
    const shown = await run(dir, 'show', 'server.key', '--json')
    const { public_key: publicKey } = JSON.parse(shown.stdout)
    writeFileSync(join(dir, 'm'), 'hello\n')
    expect(spawnSync('minisign', ['-S', '-s', 'server.key', '-m', 'm'], { cwd: dir }).status).toBe(
      0,
    )
    expect(spawnSync('minisign', ['-V', '-m', 'm', '-P', publicKey], { cwd: dir }).status).toBe(0)
    expect(JSON.parse((await run(dir, 'show', 'server.pub', '--json')).stdout).public_key).toBe(
      publicKey,
    )
  })

  it.each(['missing', 'other'])('ends with 1 for a file that is %s', async (name) => {
    const dir = await makeTempDir()
    writeFileSync(join(dir, 'other'), 'hello\n')
    const { status, stderr } = await run(dir, 'show', name)
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
