import type { Command, CommandGroup, OptionSpecs } from './command.ts'

interface Entry {
  readonly name: string
  readonly summary: string
}

const commonOptions: OptionSpecs = {
  help: { type: 'boolean', short: 'h', about: 'show this text' },
}

export function overviewText(entries: readonly Entry[]): string {
  return [
    'usage: tumen COMMAND [options]',
    '',
    'Tips about detained people: sealed by the source, opened only by trusted staff.',
    '',
    'commands:',
    ...entryLines(entries),
    '',
    'Help for one command: tumen COMMAND --help. Version: tumen --version.',
    'Exit status: 0 done, 1 failed, 2 wrong command line.',
    '',
  ].join('\n')
}

export function groupText(group: CommandGroup): string {
  const entries = group.subcommands.map(({ name, summary }) => ({ name: `tumen ${name}`, summary }))
  return [
    `usage: tumen ${group.name} COMMAND [options]`,
    '',
    sentence(group.summary),
    '',
    ...entryLines(entries),
    '',
  ].join('\n')
}

export function commandText(command: Command): string {
  const lines = [
    `usage: tumen ${command.name} ${command.usage}`.trimEnd(),
    '',
    sentence(command.summary),
    '',
  ]
  if (command.help !== undefined) lines.push(command.help.trim(), '')
  return [...lines, 'options:', ...optionLines({ ...command.options, ...commonOptions }), ''].join(
    '\n',
  )
}

function entryLines(entries: readonly Entry[]): string[] {
  return columns(entries.map(({ name, summary }) => [name, summary]))
}

function optionLines(options: OptionSpecs): string[] {
  return columns(
    Object.entries(options).map(([name, option]) => {
      const short = option.short === undefined ? '' : `-${option.short}, `
      const value = option.value === undefined ? '' : ` ${option.value}`
      return [`${short}--${name}${value}`, option.about]
    }),
  )
}

function columns(rows: ReadonlyArray<readonly [string, string] | string[]>): string[] {
  const width = Math.max(...rows.map((row) => row[0]?.length ?? 0))
  return rows.map((row) => `  ${(row[0] ?? '').padEnd(width)}  ${row[1] ?? ''}`)
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
