import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { makeTempDir, runProgram, runTumen, tumenPath } from './run-tumen.ts'

const has = (program: string) => spawnSync('which', [program]).status === 0
for (const program of ['age', 'minisign', 'script']) if (!has(program)) console.warn(`skipped: what needs ${program}, because it is not installed`)

const passphrase = '조개 껍데기 여섯 개'

describe('tumen keys new', () => {
  it('makes an identity and its card, readable by the owner alone', async () => {
    const dir = await makeTempDir()
    const { status, stdout, stderr } = await runTumen(dir, ['keys', 'new', '김 분석가', '--no-passphrase', '--role', '분석가'])
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

  it('never replaces anything', async () => {
    const dir = await makeTempDir()
    await runTumen(dir, ['keys', 'new', 'kim', '--no-passphrase'])
    const before = readFileSync(join(dir, 'kim.identity'))
    const { status, stderr } = await runTumen(dir, ['keys', 'new', 'kim', '--no-passphrase', '--purpose', 'root'])
    expect(status).toBe(1)
    expect(stderr).toContain('exists and is not replaced')
    expect(readFileSync(join(dir, 'kim.identity'))).toEqual(before)
    expect(readdirSync(dir).sort()).toEqual(['kim.card.json', 'kim.identity'])
  })

  it.each([
    [['../kim', '--no-passphrase'], 2, 'becomes a file name'],
    [['.kim', '--no-passphrase'], 2, 'becomes a file name'],
    [['k\u202eim', '--no-passphrase'], 2, 'may not hold'],
    [['x'.repeat(81), '--no-passphrase'], 2, '1 to 80 characters'],
    [['kim', '--purpose', 'other', '--no-passphrase'], 2, '--purpose must be one of export, acknowledgement, root'],
    [['kim', '--purpose', 'root', '--role', 'x', '--no-passphrase'], 2, 'do not go together'],
    [['kim', '--no-passphrase', '--passphrase-file', 'x'], 2, 'do not go together'],
    [['kim', '--passphrase-file', 'missing'], 1, 'missing is missing'],
    [['kim', '--passphrase-file', 'short'], 1, 'fewer than 8 characters'],
    [['kim', '--passphrase-file', 'empty'], 1, 'is empty'],
  ])('%j is refused and leaves nothing behind', async (args, expectedStatus, expected) => {
    const dir = await makeTempDir()
    writeFileSync(join(dir, 'short'), '1234567\n')
    writeFileSync(join(dir, 'empty'), '\n')
    const { status, stderr } = await runTumen(dir, ['keys', 'new', ...args])
    expect(status).toBe(expectedStatus)
    expect(stderr).toContain(expected)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(readdirSync(dir).sort()).toEqual(['empty', 'short'])
  })

  it('asks for the way out when there is no terminal', async () => {
    const dir = await makeTempDir()
    const { status, stderr } = await runProgram('setsid', dir, ['-w', process.execPath, tumenPath, 'keys', 'new', 'kim'])
    expect(status).toBe(1)
    expect(stderr).toContain('give --passphrase-file FILE')
    expect(readdirSync(dir)).toEqual([])
  })

  describe.runIf(has('script'))('on a terminal', () => {
    it('asks twice, showing nothing', async () => {
      const dir = await makeTempDir()
      const { status, shown } = await onTerminal(dir, [process.execPath, tumenPath, 'keys', 'new', 'kim'], [
        ['passphrase for kim: ', 'six random worms\u007f\u007fds\r'],
        ['the same again: ', 'six random words\r'],
      ])
      expect(status).toBe(0)
      expect(shown).not.toContain('six')
      writeFileSync(join(dir, 'pw'), 'six random words\n')
      expect((await runTumen(dir, ['keys', 'show', 'kim.identity.age', '--passphrase-file', 'pw'])).status).toBe(0)
    })

    it.runIf(has('age'))('makes an identity file that age opens', async () => {
      const dir = await makeTempDir()
      writeFileSync(join(dir, 'pw'), 'six random words\n')
      await runTumen(dir, ['keys', 'new', 'kim', '--passphrase-file', 'pw'])
      const { status } = await onTerminal(dir, ['age', '-d', '-o', 'opened', 'kim.identity.age'], [['passphrase', 'six random words\r']])
      expect(status).toBe(0)
      expect(readFileSync(join(dir, 'opened'), 'utf8')).toMatch(/^AGE-SECRET-KEY-PQ-1[0-9A-Z]+$/m)
    })

    it.each([
      ['two different answers', [['passphrase for kim: ', 'six random words\r'], ['the same again: ', 'six random worms\r']], 'the two passphrases differ'],
      ['Ctrl-C', [['passphrase for kim: ', 'six\u0003']], 'no passphrase was given'],
    ] as const)('%s: makes nothing', async (_name, answers, expected) => {
      const dir = await makeTempDir()
      const { status, shown } = await onTerminal(dir, [process.execPath, tumenPath, 'keys', 'new', 'kim'], answers)
      expect(status).toBe(1)
      expect(shown).toContain(expected)
      expect(readdirSync(dir)).toEqual([])
    })
  })
})

/** Runs it on a terminal of its own (script(1)), answering each question when it has been asked. */
async function onTerminal(cwd: string, command: readonly string[], answers: ReadonlyArray<readonly [question: string, answer: string]>) {
  const child = spawn('script', ['-qec', command.join(' '), '/dev/null'], { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
  const open = [...answers]
  let shown = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    shown += piece
    const [next] = open
    if (next === undefined || !shown.includes(next[0])) return
    open.shift()
    child.stdin.write(next[1])
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, shown }
}

describe('tumen keys show', () => {
  it('shows the same public facts of an identity, sealed or not, and of its card', async () => {
    const dir = await makeTempDir()
    writeFileSync(join(dir, 'pw'), `${passphrase}\n`)
    await runTumen(dir, ['keys', 'new', 'kim', '--passphrase-file', 'pw'])
    expect(readdirSync(dir).sort()).toEqual(['kim.card.json', 'kim.identity.age', 'pw'])
    const sealed = await runTumen(dir, ['keys', 'show', 'kim.identity.age', '--passphrase-file', 'pw', '--json'])
    const card = await runTumen(dir, ['keys', 'show', 'kim.card.json', '--json'])
    const facts = JSON.parse(sealed.stdout)
    expect(JSON.parse(card.stdout)).toMatchObject({ recipient: facts.recipient, recipient_x25519: facts.recipient_x25519, fingerprint: facts.fingerprint })
    expect(sealed.stdout).not.toContain('SECRET')
    writeFileSync(join(dir, 'wrong'), 'another passphrase\n')
    const wrong = await runTumen(dir, ['keys', 'show', 'kim.identity.age', '--passphrase-file', 'wrong'])
    expect(wrong.status).toBe(1)
    expect(wrong.stderr.trim().split('\n')).toHaveLength(1)
  })

  it.runIf(has('minisign'))('shows a signing key; minisign signs with it', async () => {
    const dir = await makeTempDir()
    await runTumen(dir, ['keys', 'new', 'server', '--purpose', 'export', '--no-passphrase'])
    const shown = await runTumen(dir, ['keys', 'show', 'server.key', '--json'])
    const { public_key: publicKey } = JSON.parse(shown.stdout)
    writeFileSync(join(dir, 'm'), 'hello\n')
    expect(spawnSync('minisign', ['-S', '-s', 'server.key', '-m', 'm'], { cwd: dir }).status).toBe(0)
    expect(spawnSync('minisign', ['-V', '-m', 'm', '-P', publicKey], { cwd: dir }).status).toBe(0)
    expect(JSON.parse((await runTumen(dir, ['keys', 'show', 'server.pub', '--json'])).stdout).public_key).toBe(publicKey)
  })

  it.each(['missing', 'other'])('of a file that is %s is 1', async (name) => {
    const dir = await makeTempDir()
    writeFileSync(join(dir, 'other'), 'hello\n')
    const { status, stderr } = await runTumen(dir, ['keys', 'show', name])
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
