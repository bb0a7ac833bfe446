import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TmuxTerminal } from '../../desk/terminal/tmux.ts'
import { makeCasebook } from '../../desk/support/make-casebook.ts'
import { seedTip } from '../../desk/support/sample-view.ts'
import { hostileTip, uyghurTip } from '../../desk/terminal/tips.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { runHere } from '../support/run-here.ts'
import { tumenPath } from '../support/run-tumen.ts'

const isTerminal = { stdin: true, stdout: true, stderr: true }

describe('tumen desk', () => {
  it.each([
    ['not on a terminal', {}, 'use tumen case', 2],
    ['with no casebook there', { isTerminal }, '', 1],
  ])('ends at once %s', async (_when, change, expected, status) => {
    const dir = await makeTempDir()
    const done = await runHere(
      { dir, env: {} },
      ['desk', '--casebook', join(dir, 'nowhere')],
      change,
    )
    expect(done).toMatchObject({ status, stdout: '' })
    expect(done.stderr).toContain(expected)
  })

  it('refuses a name that the history cannot hold', async () => {
    const done = await runHere(
      { dir: await makeTempDir(), env: {} },
      ['desk', '--by', 'x'.repeat(101)],
      { isTerminal },
    )
    expect(done).toMatchObject({ status: 2, stderr: expect.stringContaining('--by takes a name') })
  })

  it('says how to use it', async () => {
    const done = await runHere({ dir: await makeTempDir(), env: {} }, ['desk', '--help'])
    expect(done).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Press ? in it for the keys'),
    })
  })

  it('writes what is done in it to the case, and keeps what the source wrote', async () => {
    const dir = await makeTempDir()
    const {
      receipts: [seed = ''],
    } = await makeCasebook(join(dir, 'casebook'), [seedTip, uyghurTip, hostileTip])
    const tipBefore = readFileSync(join(dir, 'casebook', 'tips', seed, 'tip.json'))
    const terminal = new TmuxTerminal(dir)
    await terminal.untilText('ready>')
    terminal.type(`'${process.execPath}' '${tumenPath}' desk --by 'Kim'`)
    terminal.press('Enter')
    await terminal.untilText('3 cases')
    terminal.type('/아내와')
    await terminal.untilText('1 of 3 cases')
    terminal.press('Enter', 'Enter')
    await terminal.untilText('nobody has read it')
    terminal.press('m')
    await terminal.untilText('saved: status set')
    terminal.press('o')
    await terminal.untilText('Ctrl-D save')
    terminal.type('메모')
    terminal.press('C-d')
    await terminal.untilText('saved: note')
    terminal.press('e')
    terminal.type('detained when')
    terminal.press('Enter')
    await terminal.untilText('2017-11-04')
    terminal.type('x')
    terminal.press('Enter')
    await terminal.untilText('! ')
    terminal.press('BSpace', 'BSpace')
    terminal.type('5')
    terminal.press('Enter')
    await terminal.untilText('saved: event.detained_when set')
    terminal.press('u')
    await terminal.untilText('saved: taken back: event.detained_when set')
    terminal.press('q', 'q')
    await terminal.until((screen) => screen.trimEnd().endsWith('ready>'), 'the shell')
    expect(terminal.isAlternate()).toBe(false)
    const { changes } = JSON.parse(
      readFileSync(join(dir, 'casebook', 'tips', seed, 'case.json'), 'utf8'),
    ) as { changes: { kind: string }[] }
    expect(changes.filter(({ kind }) => kind !== 'tier_reached')).toMatchObject([
      { kind: 'set', by: 'Kim', field: 'status', value: 'read' },
      { kind: 'note', by: 'Kim', text: '메모' },
      { kind: 'set', by: 'Kim', field: 'event.detained_when', value: '2017-11-05' },
      { kind: 'set', by: 'Kim', field: 'event.detained_when', value: null },
    ])
    expect(readFileSync(join(dir, 'casebook', 'tips', seed, 'tip.json'))).toEqual(tipBefore)
  })
})
