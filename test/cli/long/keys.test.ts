import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { dicewareWords } from '../../../src/cli/keys/new-passphrase.ts'
import { onTerminal } from '../support/on-terminal.ts'
import { runHere } from '../support/run-here.ts'
import { makeTempDir, tumenPath } from '../support/run-tumen.ts'

const has = (program: string) => spawnSync('which', [program]).status === 0
for (const program of ['age', 'minisign', 'script'])
  if (!has(program)) console.warn(`skipped: what needs ${program}, because it is not installed`)

const passphrase = 'orbit velvet canyon drift mango pistol'
const run = (dir: string, ...args: string[]) => runHere({ dir, env: {} }, ['keys', ...args])
const newKim = [process.execPath, tumenPath, 'keys', 'new', 'kim']

describe.runIf(has('script'))('tumen keys new on a terminal', () => {
  it('asks twice without showing the passphrase', async () => {
    const dir = await makeTempDir()
    const { status, shown } = await onTerminal(dir, newKim, [
      ['passphrase for kim', 'orbit velvet canyon drift mango pissol\u007f\u007f\u007ftol\r'],
      ['the same again: ', `${passphrase}\r`],
    ])
    expect(status).toBe(0)
    expect(shown).not.toContain('orbit')
    expect(shown).toMatch(/[▀▄█]{6}/)
    writeFileSync(join(dir, 'pw'), `${passphrase}\n`)
    expect((await run(dir, 'show', 'kim.identity.age', '--passphrase-file', 'pw')).status).toBe(0)
  })

  it('makes a passphrase and continues only after it was typed back; age opens the file with it', async () => {
    const dir = await makeTempDir()
    let made = ''
    const readWords = (shown: string) => {
      made = [...shown.matchAll(/\d\. ([a-z]+)/g)]
        .map(([, word]) => word)
        .slice(0, 9)
        .join(' ')
      return '\r'
    }
    const { status, shown, unasked } = await onTerminal(
      dir,
      [...newKim, '--generate-passphrase'],
      [
        ['Press Enter when it is on paper', readWords],
        ['from the paper: ', 'something else\r'],
        ['That is not it', '\r'],
        ['Press Enter when it is on paper', '\r'],
        ['from the paper: ', () => `  ${made.toUpperCase().replaceAll(' ', '  ')}\r`],
      ],
    )
    expect({ status, unasked }).toEqual({ status: 0, unasked: undefined })
    const words = made.split(' ')
    expect(words).toHaveLength(9)
    for (const word of words) expect(dicewareWords).toContain(word)
    // The words are shown only on the alternate screen, so they are not in the scroll-back.
    const afterwards = shown.slice(shown.lastIndexOf('\u001b[?1049l'))
    expect(shown.indexOf('\u001b[?1049h')).toBeLessThan(shown.indexOf('1. '))
    expect(afterwards).toContain('fingerprint')
    for (const text of [made, words.slice(0, 3).join(' ')]) expect(afterwards).not.toContain(text)
    if (!has('age')) return
    const age = await onTerminal(
      dir,
      ['age', '-d', '-o', 'opened', 'kim.identity.age'],
      [['passphrase', `${made}\r`]],
    )
    expect(age.status).toBe(0)
    expect(readFileSync(join(dir, 'opened'), 'utf8')).toMatch(/^AGE-SECRET-KEY-PQ-1[0-9A-Z]+$/m)
  })

  it.each([
    [
      'two different answers',
      [
        ['passphrase for kim', `${passphrase}\r`],
        ['the same again: ', `${passphrase}s\r`],
      ],
      'the two passphrases differ',
    ],
    ['one that can be guessed', [['passphrase for kim', 'six random words\r']], 'can be guessed'],
    ['Ctrl-C', [['passphrase for kim', 'six\u0003']], 'no passphrase was given'],
    [
      'Ctrl-C while it is shown',
      [
        ['passphrase for kim', '\r'],
        ['Press Enter when', '\u0003'],
      ],
      'no passphrase was given',
    ],
  ] as const)('%s: makes nothing', async (_name, answers, expected) => {
    const dir = await makeTempDir()
    const { status, shown, unasked } = await onTerminal(dir, newKim, answers)
    expect({ status, unasked }).toEqual({ status: 1, unasked: undefined })
    expect(shown).toContain(expected)
    expect(readdirSync(dir)).toEqual([])
  })
})
