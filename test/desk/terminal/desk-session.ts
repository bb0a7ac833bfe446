import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect } from 'vitest'
import { countCells } from '../../../src/desk/terminal/width.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { TmuxTerminal } from './tmux.ts'

const program = join(import.meta.dirname, 'desk-on-fake.ts')

let folder = ''
/** The terminal of the current test. */
export let terminal: TmuxTerminal

/** Opens a terminal before each test of the file. */
export function useTerminal(): void {
  beforeEach(async () => {
    folder = await makeTempDir()
    terminal = new TmuxTerminal(folder)
    await terminal.untilText('ready>')
  })
}

export const saved = () =>
  JSON.parse(
    existsSync(join(folder, 'saved')) ? readFileSync(join(folder, 'saved'), 'utf8') : '[]',
  ) as { change: object }[]

export async function start(more = ''): Promise<void> {
  // Without the trap, a shell would skip the remaining commands when SIGINT ends one of them.
  const script = `trap : INT; echo $$ > shell; stty -g > before; '${process.execPath}' '${program}' saved ${more}; echo "left $?"; stty -g > after`
  writeFileSync(join(folder, 'run.sh'), `${script}\n`)
  terminal.type('sh run.sh')
  terminal.press('Enter')
  await terminal.untilText('tumen desk: 4 cases')
}

/** The number of cells before a text in its line. */
export function columnOf(screen: string, text: string): number {
  const line = screen.split('\n').find((each) => each.includes(text)) ?? ''
  return countCells(line.slice(0, line.indexOf(text)))
}

export async function expectRestored(): Promise<void> {
  const screen = await terminal.until(
    (each) => /left \d+/.test(each) && each.trimEnd().endsWith('ready>'),
    'the shell',
  )
  expect(terminal.isAlternate()).toBe(false)
  expect(screen + terminal.capture('-S', '-')).not.toMatch(/리영희|CONSENT|T0 /)
  expect(readFileSync(join(folder, 'after'), 'utf8')).toBe(
    readFileSync(join(folder, 'before'), 'utf8'),
  )
}

export function killChild(signal: string): void {
  const shell = readFileSync(join(folder, 'shell'), 'utf8').trim()
  const [child = ''] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8')
    .trim()
    .split(' ')
  process.kill(Number(child), `SIG${signal}`)
}
