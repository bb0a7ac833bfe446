import { describe, expect, it } from 'vitest'
import { eachCharacter, countCells } from '../../../src/desk/terminal/width.ts'
import {
  columnOf,
  expectRestored,
  killChild,
  saved,
  start,
  terminal,
  useTerminal,
} from './desk-session.ts'

useTerminal()

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
