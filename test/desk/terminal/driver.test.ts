import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { eachCharacter, countCells } from '../../../src/desk/terminal/width.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { TmuxTerminal } from './tmux.ts'

const program = join(import.meta.dirname, 'desk-on-fake.ts')

let folder = ''
let terminal: TmuxTerminal
beforeEach(async () => {
  folder = await makeTempDir()
  terminal = new TmuxTerminal(folder)
  await terminal.untilText('ready>')
})

const saved = () =>
  JSON.parse(
    existsSync(join(folder, 'saved')) ? readFileSync(join(folder, 'saved'), 'utf8') : '[]',
  ) as { change: object }[]

async function start(more = ''): Promise<void> {
  // Without the trap, a shell would skip the remaining commands when SIGINT ends one of them.
  const script = `trap : INT; echo $$ > shell; stty -g > before; '${process.execPath}' '${program}' saved ${more}; echo "left $?"; stty -g > after`
  writeFileSync(join(folder, 'run.sh'), `${script}\n`)
  terminal.type('sh run.sh')
  terminal.press('Enter')
  await terminal.untilText('tumen desk: 4 cases')
}

/** The number of cells before a text in its line. */
function columnOf(screen: string, text: string): number {
  const line = screen.split('\n').find((each) => each.includes(text)) ?? ''
  return countCells(line.slice(0, line.indexOf(text)))
}

async function expectRestored(): Promise<void> {
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

describe('runDesk', () => {
  describe('on a terminal of 80×24', () => {
    it('shows the list with its columns aligned, whatever the script', async () => {
      await start()
      const screen = await terminal.untilText('q quit')
      expect(terminal.isAlternate()).toBe(true)
      const lines = screen.split('\n').filter((line) => /^[> ] T0/.test(line))
      expect(lines).toHaveLength(4)
      for (const line of lines)
        expect(countCells(line.slice(0, line.indexOf(' new '))), line).toBe(
          columnOf(screen, ' status '),
        )
      expect(screen).toContain('선양, CN')
      expect(screen).toContain('ئۈرۈمچى, CN')
    })

    it('opens a sheet, saves a note written in Korean, and gives the screen back', async () => {
      await start()
      terminal.press('Enter')
      await terminal.untilText('CONSENT')
      terminal.press('o')
      await terminal.untilText('Ctrl-D save')
      terminal.type('어머니가 전화')
      terminal.press('Enter')
      terminal.type('둘째 줄')
      await terminal.untilText('둘째 줄')
      terminal.press('C-d')
      await terminal.untilText('saved: note')
      expect(saved()).toEqual([
        { receipt: expect.any(String), change: { kind: 'note', text: '어머니가 전화\n둘째 줄' } },
      ])
      terminal.press('q')
      await terminal.untilText('q quit')
      terminal.press('q')
      await expectRestored()
    })

    it('asks before Esc loses a text', async () => {
      await start()
      terminal.press('Enter', 'o')
      await terminal.untilText('Ctrl-D save')
      terminal.type('한글')
      terminal.press('Escape')
      await terminal.untilText('Not saved yet')
      terminal.press('n')
      await terminal.untilText('한글')
      terminal.press('C-c')
      await terminal.untilText('leave the desk')
      terminal.press('y')
      await expectRestored()
      expect(saved()).toEqual([])
    })
  })

  it('shows a line that fills the screen to its last character', async () => {
    await start()
    terminal.press('Enter', 'End')
    expect(await terminal.untilText('receipt ')).toMatch(/receipt {7}[0-9a-f]{64}\n/)
  })

  describe('when its size changes', () => {
    it('draws itself anew, and says so when it is too small', async () => {
      await start()
      terminal.resize(100, 30)
      const screen = await terminal.until(
        (each) => (each.split('\n')[29] ?? '').includes('q quit'),
        'the keys on line 30',
      )
      expect(columnOf(screen, 'status: all')).toBeGreaterThan(80)
      terminal.resize(60, 20)
      await terminal.untilText('Needs 80 x 24.')
      terminal.resize(80, 24)
      await terminal.untilText('q quit')
    })
  })

  describe('when it ends otherwise', () => {
    it.each([
      ['SIGTERM', 'TERM'],
      ['SIGINT', 'INT'],
    ])('gives the terminal back on %s', async (_name, signal) => {
      await start()
      terminal.press('Enter')
      await terminal.untilText('CONSENT')
      killChild(signal)
      await expectRestored()
    })

    it('gives the terminal back on Ctrl-C', async () => {
      await start()
      terminal.press('C-c')
      await expectRestored()
    })

    it('gives the terminal back when drawing crashes', async () => {
      await start('crash')
      terminal.press('Down', 'Enter', 'n', 'n')
      await terminal.untilText('made to crash')
      await expectRestored()
    })
  })

  describe('when it is suspended', () => {
    it('gives the terminal back, and comes back as it was', async () => {
      await start()
      terminal.press('Enter')
      await terminal.untilText('CONSENT')
      terminal.press('C-z')
      const screen = await terminal.until((each) => each.trimEnd().endsWith('ready>'), 'the shell')
      expect(screen).not.toContain('CONSENT')
      terminal.type('fg')
      terminal.press('Enter')
      await terminal.untilText('CONSENT')
    })
  })

  it('lets nothing of a hostile tip command the terminal', async () => {
    await start()
    terminal.type('/hostile')
    await terminal.untilText('1 of 4 cases')
    terminal.press('Enter', 'Enter')
    const screen = await terminal.untilText('CONSENT')
    expect(terminal.isAlternate()).toBe(true)
    expect(screen.split('\n')[23]).toContain('q list')
    for (const character of eachCharacter(screen))
      expect(character).not.toMatch(/[\p{Cf}\u{E000}]/u)
  })
})

function killChild(signal: string): void {
  const shell = readFileSync(join(folder, 'shell'), 'utf8').trim()
  const [child = ''] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8')
    .trim()
    .split(' ')
  process.kill(Number(child), `SIG${signal}`)
}
