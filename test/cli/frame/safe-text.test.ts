import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printJson, printLine, printNote } from '../../../src/cli/frame/context.ts'
import { failure, usageError } from '../../../src/cli/frame/errors.ts'
import { reportError } from '../../../src/cli/frame/report-error.ts'

/** Sequences that a terminal acts on, each with surrounding text that must remain. */
const hostile: [string, string][] = [
  ['a colour', 'a\u001b[31mb'],
  ['a cleared screen', 'a\u001b[2J\u001b[Hb'],
  ['a title', 'a\u001b]0;all as it was\u0007b'],
  ['a title that ends otherwise', 'a\u001b]0;all as it was\u001b\\b'],
  ['a link', 'a\u001b]8;;http://x\u0007b'],
  ['a C1 sequence', 'a\u009b31mb'],
  ['a C1 title', 'a\u009d0;x\u009cb'],
  ['a bell', 'a\u0007b'],
  ['a backspace', 'a\b\bb'],
  ['a carriage return', 'a\rb'],
  ['an override', 'a\u202eb'],
  ['an isolate', 'a\u2067b\u2069'],
  ['a direction mark', 'a\u200fb'],
  ['a line separator', 'a\u2028b'],
  ['an unfinished escape', 'a\u001bb'],
]
const obeyed = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

function printed(print: (context: { stdout: never; stderr: never }) => void): string {
  let text = ''
  const stream = { write: (piece: string) => (text += piece) } as never
  print({ stdout: stream, stderr: stream })
  return text
}

const ways: [string, (text: string) => string][] = [
  ['a line', (text) => printed((context) => printLine(context, text))],
  ['a note', (text) => printed((context) => printNote(context, text))],
  ['JSON', (text) => printed((context) => printJson(context, { [text]: [text] }))],
  ['an error', (text) => printed((context) => void reportError(context, failure(text), 'x'))],
  [
    'a usage error',
    (text) => printed((context) => void reportError(context, usageError(text), 'x')),
  ],
  ['a bug', (text) => printed((context) => void reportError(context, new Error(text), 'x'))],
]

describe.each(ways)('%s that a command prints', (_way, print) => {
  it.each(hostile)('does not hand %s to the terminal', (_what, text) => {
    const shown = print(text)
    expect(obeyed.exec(shown)).toBeNull()
    expect(shown).toContain('a')
    expect(shown).toMatch(/b/)
  })

  it('holds for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(obeyed.exec(print(text))).toBeNull()
      }),
    )
  })
})

it('keeps line ends, tabs and the joiners of scripts', () => {
  const text = 'a\n\tb کتاب\u200cها'
  expect(printed((context) => printLine(context, text))).toBe(`${text}\n`)
})

it('keeps the meaning of JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(printed((context) => printJson(context, value)))).toEqual(
        JSON.parse(JSON.stringify(value)),
      )
    }),
  )
})
