import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealWithPassphrase } from '../../../src/age/passphrase.ts'
import { isGroup } from '../../../src/cli/frame/command.ts'
import { commandTable } from '../../../src/cli/table.ts'
import { formatSecretKey, parseSecretKey } from '../../../src/keyring/minisign.ts'
import { Secret } from '../../../src/keyring/secret.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { makeMachine } from '../../support/machine.ts'
import { onTerminal } from '../support/on-terminal.ts'
import { runHere } from '../support/run-here.ts'
import { tumenPath } from '../support/run-tumen.ts'

const right = 'orbit velvet canyon drift mango pistol'
/** Cheap work factor, because the strength is not tested here. */
const cheapLogN = 4
const hasScript = spawnSync('which', ['script']).status === 0

let folder = ''
let machine: Machine
beforeAll(async () => {
  folder = mkdtempSync(`${tmpdir()}/tumen-wrong-passphrase-`)
  machine = await makeMachine('2026-11-20', folder)
  const plain = readFileSync(machine.identityPath)
  writeFileSync(
    machine.at('kim.age'),
    await sealWithPassphrase(primitives, plain, right, cheapLogN),
  )
  const key = parseSecretKey(readFileSync(machine.deskKeyPath, 'utf8'))
  writeFileSync(
    machine.at('desk.key'),
    formatSecretKey(key, Secret.fromText(right), { ops: 32_768n, memoryBytes: 16_777_216n }),
  )
  writeFileSync(machine.at('wrong'), 'another passphrase altogether\n')
  mkdirSync(machine.at('stick'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every command that takes a secret file with a passphrase. */
const commands: [string, string[]][] = [
  ['kim.age', ['open', 'stick', '--identity', 'kim.age', '--casebook', 'casebook']],
  ['kim.age', ['keys', 'show', 'kim.age']],
  ['desk.key', ['keys', 'show', 'desk.key']],
  ['kim.age', ['keys', 'split', 'kim.age', '--shares', '3', '--threshold', '2']],
  ['desk.key', ['acknowledge', 'stick', '--casebook', 'casebook', '--key', 'desk.key']],
  ['desk.key', ['keyring', 'sign', '--root-key', 'desk.key', '--dir', 'keys']],
]

describe('a wrong passphrase', () => {
  it.each(commands)('of %s is named with its file by %j', async (file, args) => {
    const { status, stderr } = await runHere(machine, [...args, '--passphrase-file', 'wrong'])
    expect(status).toBe(1)
    expect(stderr).toBe(`tumen: the passphrase in wrong is not that of ${file}\n`)
  })

  it.runIf(hasScript)('is asked for again on a terminal', async () => {
    const { status, shown } = await onTerminal(
      machine.dir,
      [process.execPath, tumenPath, 'keys', 'show', 'kim.age'],
      [
        ['passphrase of kim.age: ', 'not this one\r'],
        ['this is not the passphrase of kim.age: type it again', ''],
        ['passphrase of kim.age: ', `${right}\r`],
      ],
    )
    expect(status).toBe(0)
    expect(shown).toContain('fingerprint')
  })

  it.runIf(hasScript)('is refused after the third time', async () => {
    const { status, shown } = await onTerminal(
      machine.dir,
      [process.execPath, tumenPath, 'keys', 'show', 'kim.age'],
      [
        ['passphrase of kim.age: ', 'not this one\r'],
        ['type it again', ''],
        ['passphrase of kim.age: ', 'nor this\r'],
        ['type it again', ''],
        ['passphrase of kim.age: ', 'nor that\r'],
      ],
    )
    expect(status).toBe(1)
    expect(shown).toContain('this is not the passphrase of kim.age: look it up and try again')
  })
})

describe('a secret file that is damaged', () => {
  it.each([
    'AGE-SECRET-KEY-1DAMAGED\n',
    'age-encryption.org/v1\n-> x\n',
    'untrusted comment: x\nAAAA\n',
  ])('is named: %j', async (text) => {
    writeFileSync(machine.at('damaged'), text)
    const { status, stderr } = await runHere(machine, [
      'keys',
      'show',
      'damaged',
      '--passphrase-file',
      'wrong',
    ])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^tumen: damaged(?:: | is )/)
  })
})

describe('a file that holds no such secret', () => {
  const takers: [string[], string[]][] = [
    [
      ['open', 'stick', '--identity'],
      ['--casebook', 'casebook'],
    ],
    [['keys', 'show'], []],
    [
      ['keys', 'split'],
      ['--shares', '3', '--threshold', '2'],
    ],
    [['keys', 'combine'], ['kim.share']],
    [['acknowledge', 'stick', '--casebook', 'casebook', '--key'], []],
    [['keyring', 'sign', '--dir', 'keys', '--root-key'], []],
    [['words', '--identity', '--words-file'], []],
    [['answers', '--to', 'http://127.0.0.1:9', '--words-file'], []],
  ]
  const wrong = ['empty', 'photo.jpg', 'folder', 'keyring.json', 'long', 'gone', 'other-secret']
  const cases = takers.flatMap(([before, after]) =>
    wrong.map((name) => [[...before, name, ...after], name] as const),
  )

  it.each(cases)('is named by %j: %s', async (args, name) => {
    writeFileSync(machine.at('empty'), '')
    writeFileSync(machine.at('photo.jpg'), Buffer.from('ffd8ffe000104a4649460001', 'hex'))
    mkdirSync(machine.at('folder'), { recursive: true })
    writeFileSync(machine.at('keyring.json'), readFileSync(machine.at('keys', 'keyring.json')))
    writeFileSync(machine.at('long'), 'x'.repeat(300_000))
    writeFileSync(machine.at('kim.share'), 'label: no share\n')
    const other = args.includes('--identity') && args[0] === 'open' ? 'deskKeyPath' : 'identityPath'
    writeFileSync(machine.at('other-secret'), readFileSync(machine[other]))
    const { status, stdout, stderr } = await runHere(machine, args)
    if (name === 'other-secret' && args[1] === 'show') return expect(status).toBe(0)
    if (name === 'other-secret' && args[1] === 'split') return expect(status).toBe(0)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(name)
    expect(stderr).not.toMatch(/internal error|AGE-SECRET-KEY-1/)
  })
})

describe('the export key of the server, which nobody is there to unlock', () => {
  const exportKey = () => machine.at('var', 'export.key')
  const plainKey = () => readFileSync(exportKey(), 'utf8')

  /** Runs a command while the export key has this content. */
  async function runWith(content: string, args: readonly string[]) {
    const before = plainKey()
    writeFileSync(exportKey(), content)
    try {
      return await runHere(machine, args)
    } finally {
      writeFileSync(exportKey(), before)
    }
  }

  const protectedKey = () =>
    formatSecretKey(parseSecretKey(plainKey()), Secret.fromText(right), {
      ops: 32_768n,
      memoryBytes: 16_777_216n,
    })

  it('is named by export, with the way out, when it has a passphrase', async () => {
    const { status, stderr } = await runWith(protectedKey(), ['export', 'stick-2'])
    expect(status).toBe(1)
    expect(stderr).toContain(`${exportKey()} has a passphrase`)
    expect(stderr).toContain('--no-passphrase')
  })

  it('is named by backup, which is then not signed', async () => {
    const { status, stderr } = await runWith(protectedKey(), ['backup', 'backups'])
    expect(status).toBe(0)
    expect(stderr).toContain(`not signed: ${exportKey()} has a passphrase`)
  })

  it.each([
    ['export', 'stick-3'],
    ['backup', 'backups-2'],
  ])('is named by %s when it is damaged', async (...args) => {
    const { stderr } = await runWith('untrusted comment: x\nAAAA\n', args)
    expect(stderr).toContain(`${exportKey()}: `)
  })
})

describe('the commands that take a passphrase', () => {
  /** They ask for a new passphrase, which cannot be wrong. */
  const makeSecrets = ['keys new', 'keys combine']

  it('are all tried with a wrong one', async () => {
    const takers: string[] = []
    for (const entry of commandTable) {
      const { command } = await entry.load()
      for (const each of isGroup(command) ? command.subcommands : [command])
        if ('passphrase-file' in each.options) takers.push(each.name)
    }
    const tried = commands.map(([, args]) => args.join(' '))
    expect(takers.length).toBeGreaterThan(5)
    expect(
      takers
        .filter((name) => !makeSecrets.includes(name))
        .filter((name) => !tried.some((line) => line.startsWith(`${name} `))),
    ).toEqual([])
  })
})
