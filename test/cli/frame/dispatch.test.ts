import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'

import { defineCommand, isGroup } from '../../../src/cli/frame/command.ts'
import type { Command } from '../../../src/cli/frame/command.ts'
import type { CliContext } from '../../../src/cli/frame/context.ts'
import { dispatch } from '../../../src/cli/frame/dispatch.ts'
import { failure } from '../../../src/cli/frame/errors.ts'
import { commandTable } from '../../../src/cli/table.ts'
import { KeyringError } from '../../../src/keyring/errors.ts'
import { fakeContext } from '../support/fake-context.ts'

function commandThat(
  run: (
    context: CliContext,
    values: { output?: string | undefined; loud?: boolean | undefined },
  ) => Promise<number>,
): Command {
  return defineCommand({
    name: 'seal',
    summary: 'seal a tip',
    usage: 'FILE… [--output FILE]',
    options: {
      output: { type: 'string', short: 'o', value: 'FILE', about: 'where to' },
      loud: { type: 'boolean', about: 'say more' },
    },
    positionals: { min: 1, max: 2 },
    run,
  })
}

async function runWith(
  args: readonly string[],
  run: Parameters<typeof commandThat>[0] = async () => 0,
) {
  const context = fakeContext()
  const command = commandThat(run)
  const group = {
    name: 'keys',
    summary: 'keys of people',
    subcommands: [{ ...command, name: 'keys new' }],
  }
  const table = [
    { name: 'seal', summary: 'seal a tip', load: async () => ({ command }) },
    { name: 'keys', summary: 'keys of people', load: async () => ({ command: group }) },
  ]
  const status = await dispatch({ table, version: '1.2.3' }, context, args)
  return { status, ...context.written }
}

describe('dispatch', () => {
  it.each([
    [['--version'], 'tumen 1.2.3\n'],
    [['--help'], 'seal a tip'],
    [['-h'], 'keys of people'],
    [['help', 'seal'], 'usage: tumen seal FILE'],
    [['seal', '--help'], '-o, --output FILE  where to'],
    [['seal', '-h'], 'Seal a tip.'],
    [['keys', '--help'], 'tumen keys new'],
    [['keys', 'new', '--help'], 'usage: tumen keys new FILE'],
  ])('%j prints to stdout and ends with 0', async (args, expected) => {
    const { status, stdout, stderr } = await runWith(args)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain(expected)
  })

  it.each([
    [[], 'tumen: no command given (try: tumen --help)'],
    [['sael'], 'tumen: unknown command "sael": did you mean seal? (try: tumen --help)'],
    [['keys'], 'tumen: "tumen keys" needs a command (try: tumen keys --help)'],
    [
      ['keys', 'nwe', 'x'],
      'tumen: unknown command of tumen keys "nwe": did you mean new? (try: tumen keys --help)',
    ],
    [
      ['seal'],
      'tumen: too few arguments: tumen seal FILE… [--output FILE] (try: tumen seal --help)',
    ],
    [['seal', 'a', 'b', 'c'], 'tumen: unexpected argument "c" (try: tumen seal --help)'],
    [
      ['seal', 'a', '--ouptut', 'x'],
      'tumen: unknown option "--ouptut": did you mean --output? (try: tumen seal --help)',
    ],
    [['seal', 'a', '--output'], 'argument missing (try: tumen seal --help)'],
    [['seal', 'a', '--loud=yes'], 'does not take an argument (try: tumen seal --help)'],
    [['--frob'], 'tumen: unknown option "--frob" (try: tumen --help)'],
  ])('%j ends with 2 and says what to do', async (args, expected) => {
    const { status, stdout, stderr } = await runWith(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(expected)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('passes the options to a command and returns its status', async () => {
    let seen: unknown
    const { status } = await runWith(
      ['seal', 'a', '-o', 'x', '--loud'],
      async (_context, values) => {
        seen = { ...values }
        return 7
      },
    )
    expect(seen).toEqual({ output: 'x', loud: true })
    expect(status).toBe(7)
  })

  it.each<[string, () => Error, string]>([
    ['a failure of the command', () => failure('the disk is full'), 'tumen: the disk is full\n'],
    [
      'an error class of ours',
      () => new KeyringError('MISSING', 'keyring.json is missing: make one'),
      'tumen: keyring.json is missing: make one\n',
    ],
    [
      'a bug',
      () => new TypeError('x is not a function'),
      'tumen: internal error: x is not a function; please report it\n',
    ],
    [
      'a bug Node found',
      () => Object.assign(new TypeError('bad argument'), { code: 'ERR_INVALID_ARG_TYPE' }),
      'tumen: internal error ERR_INVALID_ARG_TYPE: bad argument; please report it\n',
    ],
    [
      'the system',
      () =>
        Object.assign(new Error('ENOENT: …'), {
          code: 'ENOENT',
          errno: -2,
          syscall: 'open',
          path: '/x',
        }),
      'tumen: /x: cannot open: no such file or directory\n',
    ],
    ...Object.entries({
      ENOSPC: 'no space left on device: make room on it, and run the same command again',
      EDQUOT: 'disk quota exceeded: make room or raise the quota, and run the same command again',
      EROFS: 'read-only file system: make it writable, and run the same command again',
      EIO: 'i/o error: run the same command again; if it fails again, the disk or stick is worn: use another',
    }).map(([code, words]): [string, () => Error, string] => [
      `a disk with ${code}`,
      () => {
        const errno = -constants.errno[code as 'EIO']
        const isNamed = code !== 'EDQUOT'
        const error = { code: isNamed ? code : `Unknown system error ${errno}`, errno }
        return Object.assign(new Error('…'), error, { syscall: 'write' })
      },
      `tumen: cannot write: ${words}\n`,
    ]),
  ])('%s ends with 1 and one sentence without a stack', async (_name, makeError, expected) => {
    const { status, stderr } = await runWith(['seal', 'a'], async () => {
      throw makeError()
    })
    expect({ status, stderr }).toEqual({ status: 1, stderr: expected })
  })
})

describe('commandTable', () => {
  const helpOf = async (words: readonly string[]): Promise<string> => {
    const context = fakeContext()
    const status = await dispatch({ table: commandTable, version: '0' }, context, [
      ...words,
      '--help',
    ])
    expect(status).toBe(0)
    return context.written.stdout
  }

  it('has the name and summary of each command', async () => {
    for (const entry of commandTable) {
      const { command } = await entry.load()
      expect(command).toMatchObject({ name: entry.name, summary: entry.summary })
    }
  })

  it('leads to a help text of each command, with lines of at most 120 columns', async () => {
    for (const entry of commandTable) {
      const { command } = await entry.load()
      const each = isGroup(command) ? command.subcommands : [command]
      for (const { name } of [command, ...each]) {
        const text = await helpOf(name.split(' '))
        expect(text).toContain(`usage: tumen ${name}`)
        const tooLong = text
          .split('\n')
          .filter((line) => line.length > 120 && !line.startsWith('usage: '))
        expect(tooLong).toEqual([])
      }
    }
  })
})
