import { describe, expect, it } from 'vitest'
import {
  columnOf,
  expectRestored,
  saved,
  start,
  terminal,
  useTerminal,
} from '../terminal/desk-session.ts'

useTerminal()

describe('runDesk', () => {
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

  it('shows a line that fills the screen to its last character', async () => {
    await start()
    terminal.press('Enter', 'End')
    expect(await terminal.untilText('receipt ')).toMatch(/receipt {7}[0-9a-f]{64}\n/)
  })

  describe('when its size changes', () => {
    it('redraws itself, and says so when it is too small', async () => {
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
})
