import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable } from '../../../src/desk/text/printable.ts'

describe('printable', () => {
  it.each<[what: string, text: string, shown: string]>([
    ['a name', '리영희 (李英姬)', '리영희 (李英姬)'],
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a cursor move of one character', '\u009b2Jcleared', 'cleared'],
    [
      'a window title, which must not hide what follows it',
      '\u001b]0;title\u0007and the rest',
      ']0;titleand the rest',
    ],
    ['an escape in an escape', '\u001b\u001b[0m[31mred', '[31mred'],
    ['numbers made up as an escape', '\u001b[0821234567890123456m', '[0821234567890123456m'],
    ['a bidi override', 'photo\u202Egpj.exe', 'photogpj.exe'],
    ['isolates and marks', '\u2066a\u2069\u200e\u200f\u061cb', 'ab'],
    ['what nobody sees', 'a\u200b\u2060\ufeff\u00ad\u{e0041}b', 'ab'],
    ['joiners that scripts need', 'نامه‌ای', 'نامه‌ای'],
    ['backspace and carriage return', 'no\b\byes\rdone', 'noyes done'],
    ['a lone surrogate', 'a\ud800b', 'ab'],
    ['blanks of all sorts', ' a\t\u3000 b\u2028c ', 'a b c'],
    ['marks piled up', `z${'\u0301'.repeat(40)}`, `z${'\u0301'.repeat(4)}`],
  ])('shows %s', (_what, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('keeps the ends of lines when asked', () => {
    expect(printable('a\r\nb\u2029\n\u001b[2Jc', { keepsNewlines: true })).toBe('a\nb\n\nc')
  })

  it.each([
    [5, '가나다라마'],
    [4, '가나다…'],
    [1, '…'],
  ])('shows at most %i characters', (maxCharacters, shown) => {
    expect(printable('가나다라마', { maxCharacters })).toBe(shown)
  })

  // A quadratic implementation takes minutes and exceeds the time-out of the test.
  it('is not quadratic with the longest narrative, or with one that is all escapes', () => {
    for (const text of [
      '\u001b['.repeat(100_000),
      '\u001b[0'.repeat(66_000),
      'a\u0301'.repeat(100_000),
      ' '.repeat(200_000),
    ])
      expect(printable(text)).not.toContain('\u001b')
  })

  it('shows nothing that commands a terminal, and is stable, whatever the text', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom('\u001b', '[', '\u009b', '\u202e', '\n', 'm'),
      ),
    })
    fc.assert(
      fc.property(text, (any) => {
        const shown = printable(any)
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
        expect(printable(shown)).toBe(shown)
      }),
      { numRuns: 500 },
    )
  })
})
