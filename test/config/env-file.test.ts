import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatEnvFile, parseEnvFile, writableValue } from '../../config/env-file.ts'
import type { EnvReader } from '../support/env-readers.ts'
import {
  hasSystemd,
  isWhatSystemdReads,
  readAsCompose,
  readAsNode,
  readAsPython,
  readAsSh,
} from '../support/env-readers.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const values = {
  TUMEN_PLAIN: '/var/lib/tumen',
  TUMEN_DOLLAR: 'smtps://us$er:p$$x$HOME@mail.example.org',
  TUMEN_HASH: 'https://hooks.example.org/a#b #c',
  TUMEN_QUOTE: 'a "quoted" word',
  TUMEN_BLANKS: 'two  blanks, and one',
  TUMEN_PERCENT: 'https://u:%27%5C%25@ntfy.example.org/t?x=1&y=2;z',
  TUMEN_KOREAN: '/srv/한국 어',
  TUMEN_SHELL: '`id` $(id) !! ~ * ? | > < & ; ( ) { } [ ]',
  TUMEN_EQUALS: 'a=b==',
  TUMEN_WORD: 'export',
}
const names = Object.keys(values)
const text = formatEnvFile(
  ["it's a heading", 'with $X, "two" lines'],
  Object.entries(values).map(([name, value]) => ({ name, value, about: "tor's, and `x` #" })),
)

async function written(): Promise<string> {
  const path = join(await makeTempDir(), '.env')
  writeFileSync(path, text)
  return path
}

describe('formatEnvFile', () => {
  const readers: [string, EnvReader | null][] = [
    ['sh', readAsSh],
    ['node --env-file', readAsNode],
    ['python-dotenv', readAsPython],
  ]
  it.each(readers)('writes values that %s reads back unchanged', async (name, read) => {
    if (read === null) return console.warn(`skipped: reading with ${name}, which is not installed`)
    expect(Object.fromEntries(read(await written(), names))).toEqual(values)
  })

  it('writes values that systemd reads back unchanged', async () => {
    if (!hasSystemd) return console.warn('skipped: reading with systemd, which is not installed')
    const path = await written()
    expect(
      names.filter((name) => !isWhatSystemdReads(path, name, values[name as keyof typeof values])),
    ).toEqual([])
    expect(isWhatSystemdReads(path, 'TUMEN_PLAIN', '/var/lib/tume')).toBe(false)
  })

  it('writes any value so that the rules of docker compose read it back unchanged', () => {
    expect(Object.fromEntries(readAsCompose(text))).toEqual(values)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        fc.pre('value' in writableValue(value))
        const file = formatEnvFile(
          [],
          [
            { name: 'A', value, about: 'x' },
            { name: 'B', value: 'end' },
          ],
        )
        expect(readAsCompose(file)).toEqual(
          new Map([
            ['A', value],
            ['B', 'end'],
          ]),
        )
        expect(parseEnv(file)).toEqual({ A: value, B: 'end' })
      }),
    )
  })

  it.each([
    "it's",
    'a\\b',
    'two\nlines',
    'a\u0000',
    'a\u2028b',
    '\ufeffa',
    'a${B}',
    ' a',
    'a ',
    'a\u00a0',
  ])('refuses %j, which the readers would interpret differently', (value) => {
    expect(writableValue(value)).toHaveProperty('problem')
    expect(() => formatEnvFile([], [{ name: 'A', value }])).toThrow(RangeError)
  })

  it('refuses an invalid name', () => {
    expect(() => formatEnvFile([], [{ name: 'A B', value: '1' }])).toThrow(RangeError)
  })
})

describe('parseEnvFile', () => {
  it('reads what somebody wrote by hand, and never throws', () => {
    expect(parseEnvFile('# x\nexport A="b c"\nD=e # f\n')).toEqual(
      new Map([
        ['A', 'b c'],
        ['D', 'e'],
      ]),
    )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => void parseEnvFile(any)))
  })
})
