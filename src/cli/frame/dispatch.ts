import { parseArgs } from 'node:util'

import { nearestName } from '../../../config/nearest-name.ts'
import { isGroup } from './command.ts'
import type { Command, CommandGroup, TableEntry } from './command.ts'
import type { CliContext } from './context.ts'
import { usageError } from './errors.ts'
import { commandText, groupText, overviewText } from './help.ts'
import { reportError } from './report-error.ts'

const help = { help: { type: 'boolean', short: 'h' } } as const

export interface Program {
  readonly table: readonly TableEntry[]
  readonly version: string
}

/**
 * Runs one command line; never throws.
 * @returns the exit status: 0 done, 1 failed, 2 wrong command line.
 */
export async function dispatch(
  program: Program,
  context: CliContext,
  args: readonly string[],
): Promise<number> {
  const place = { name: '' }
  try {
    return await runProgram(program, context, args, place)
  } catch (error) {
    return reportError(context, error, place.name)
  }
}

/** `place` records how much of the command line was understood, for the "try: …" hint. */
async function runProgram(
  program: Program,
  context: CliContext,
  args: readonly string[],
  place: { name: string },
): Promise<number> {
  const [word, ...rest] = args
  if (word === '--version' || word === '-V') return print(context, `tumen ${program.version}\n`)
  if (word === '--help' || word === '-h') return print(context, overviewText(program.table))
  if (word === 'help') return await runProgram(program, context, [...rest, '--help'], place)
  if (word === undefined) throw usageError('no command given')
  const entry = findNamed(program.table, word, 'command')
  place.name = entry.name
  const { command } = await entry.load()
  return isGroup(command)
    ? await runGroup(command, context, rest, place)
    : await runCommand(command, context, rest)
}

async function runGroup(
  group: CommandGroup,
  context: CliContext,
  args: readonly string[],
  place: { name: string },
): Promise<number> {
  const [word, ...rest] = args
  if (word === '--help' || word === '-h') return print(context, groupText(group))
  if (word === undefined) throw usageError(`"tumen ${group.name}" needs a command`)
  const shortNames = group.subcommands.map((command) => ({
    name: command.name.slice(group.name.length + 1),
    command,
  }))
  const { command } = findNamed(shortNames, word, `command of tumen ${group.name}`)
  place.name = command.name
  return await runCommand(command, context, rest)
}

async function runCommand(
  command: Command,
  context: CliContext,
  args: readonly string[],
): Promise<number> {
  const { values, positionals } = parseArguments(command, args)
  if (values['help'] === true) return print(context, commandText(command))
  const { min, max } = command.positionals
  if (positionals.length < min)
    throw usageError(`too few arguments: tumen ${command.name} ${command.usage}`)
  if (positionals.length > max) throw usageError(`unexpected argument ${quote(positionals[max])}`)
  return await command.run(context, values, positionals)
}

function parseArguments(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...command.options, ...help },
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    throw usageError(describeParseError(command, args, error))
  }
}

function describeParseError(command: Command, args: readonly string[], error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const known = Object.keys(command.options)
    const long = args
      .map((arg) => arg.split('=')[0] ?? '')
      .find((arg) => arg.startsWith('--') && arg !== '--help' && !known.includes(arg.slice(2)))
    const near = long === undefined ? null : nearestName(long.slice(2), known)
    if (long !== undefined)
      return `unknown option ${quote(long)}${near === null ? '' : `: did you mean --${near}?`}`
  }
  const [sentence = ''] = (error as Error).message.split(/\.\s|\n/)
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

function findNamed<E extends { readonly name: string }>(
  entries: readonly E[],
  word: string,
  what: string,
): E {
  const found = entries.find((entry) => entry.name === word)
  if (found !== undefined) return found
  if (word.startsWith('-')) throw usageError(`unknown option ${quote(word)}`)
  const near = nearestName(
    word,
    entries.map((entry) => entry.name),
  )
  throw usageError(
    `unknown ${what} ${quote(word)}${near === null ? '' : `: did you mean ${near}?`}`,
  )
}

function print(context: CliContext, text: string): number {
  context.stdout.write(text)
  return 0
}

function quote(text: string | undefined): string {
  return JSON.stringify((text ?? '').slice(0, 80))
}
