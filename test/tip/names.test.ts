import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxNameBytes } from '../../src/tip/bounds.ts'
import { nameKey, sanitizeName, uniqueNames } from '../../src/tip/names.ts'

const bytesOf = (text: string): number => Buffer.byteLength(text)
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom(
      '.',
      ' ',
      '-',
      '/',
      '\\',
      'a',
      'A',
      '\u1112',
      '\u1161',
      '\u0301',
      '\u202e',
      'con',
      '.jpg',
      '\u0000',
      '\ud83d',
      '👩‍👧',
    ),
    maxLength: 300,
  }),
)

describe('sanitizeName', () => {
  it.each([
    ['photo.jpg', 'photo.jpg'],
    ['체포 장면.jpg', '체포 장면.jpg'],
    // U+1112 U+1161 U+11AB: decomposed, as macOS gives it
    ['\u1112\u1161\u11ab.png', '\ud55c.png'],
    ['被带走的照片.png', '被带走的照片.png'],
    ['قاماق.mp4', 'قاماق.mp4'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Users\\리\\photo.jpg', 'C__Users_리_photo.jpg'],
    ['.hidden', 'hidden'],
    ['--checkpoint-action=exec', 'checkpoint-action=exec'],
    ['~root', 'root'],
    ['a\u0000b\u001b[31m.txt', 'ab[31m.txt'],
    ['\u202egpj.exe', 'gpj.exe'],
    ['name. . .', 'name'],
    ['con', '_con'],
    ['COM1.txt', '_COM1.txt'],
    ['nul .txt', '_nul .txt'],
    ['console.log', 'console.log'],
    ['a\ud800b', 'a�b'],
    ['  two\t\n spaces  ', 'two spaces'],
    ['', 'file'],
    ['...', 'file'],
    ['///', '___'],
    ['\u0000', 'file'],
  ])('turns %j into %j', (raw, name) => expect(sanitizeName(raw)).toBe(name))

  it.each([
    [maxNameBytes - 1, maxNameBytes - 1],
    [maxNameBytes, maxNameBytes],
    [maxNameBytes + 1, maxNameBytes],
  ])('keeps an ASCII name of %d bytes to %d', (length, kept) => {
    const name = sanitizeName(`${'a'.repeat(length - 4)}.jpg`)
    expect(bytesOf(name)).toBe(kept)
    expect(name.endsWith('a.jpg')).toBe(true)
  })

  it('cuts between code points and keeps the extension', () => {
    // 65 syllables are 195 bytes; a 66th would leave no room for the extension
    expect(sanitizeName(`${'가'.repeat(100)}.jpeg`)).toBe(`${'가'.repeat(65)}.jpeg`)
    expect(sanitizeName('😀'.repeat(100))).toBe('😀'.repeat(50))
  })

  it('is total, safe, bounded and stable', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const name = sanitizeName(raw)
        expect(name).not.toMatch(/[\p{Cc}/\\:*?"<>|\u202a-\u202e\u2066-\u2069]|^[.\-~\s]|[.\s]$/u)
        expect(name.isWellFormed()).toBe(true)
        expect(name.normalize('NFC')).toBe(name)
        expect(bytesOf(name)).toBeGreaterThan(0)
        expect(bytesOf(name)).toBeLessThanOrEqual(maxNameBytes)
        expect(sanitizeName(name)).toBe(name)
      }),
      { numRuns: 2_000 },
    )
  })

  it('accepts a name of a hundred million characters', () => {
    expect(sanitizeName('.'.repeat(100_000_000))).toBe('file')
  })
})

describe('nameKey', () => {
  it.each([
    ['photo.jpg', 'PHOTO.JPG'],
    ['\ud55c', '\u1112\u1161\u11ab'],
    // Capital letters that compose to one character only after case folding.
    ['\u0390', '\u0390'.toUpperCase().normalize('NFC')],
    ['\u212a', 'k'],
    ['a', 'a. .'],
  ])('is one for %j and %j', (one, other) => expect(nameKey(one)).toBe(nameKey(other)))
  it.each([
    ['a', 'b'],
    ['사진', '영상'],
    ['a.b', 'a b'],
    ['-a', 'a'],
  ])('differs for %j and %j', (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other))
  })
})

describe('uniqueNames', () => {
  it.each([
    [
      ['photo.jpg', 'photo.jpg', 'photo.jpg'],
      ['photo.jpg', 'photo (2).jpg', 'photo (3).jpg'],
    ],
    [
      ['photo.jpg', 'PHOTO.JPG'],
      ['photo.jpg', 'PHOTO (2).JPG'],
    ],
    [
      ['photo.jpg', 'photo (2).jpg', 'photo.jpg'],
      ['photo.jpg', 'photo (2).jpg', 'photo (3).jpg'],
    ],
    [
      ['\ud55c', '\u1112\u1161\u11ab'],
      ['\ud55c', '\ud55c (2)'],
    ],
    [
      ['a/b', 'a_b'],
      ['a_b', 'a_b (2)'],
    ],
    [
      ['', '.'],
      ['file', 'file (2)'],
    ],
    [
      ['straße', 'STRASSE'],
      ['straße', 'STRASSE (2)'],
    ],
  ])('turns %j into %j', (raw, names) => expect(uniqueNames(raw)).toEqual(names))

  it('gives unique names, in order, safe and bounded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyText, fc.constantFrom('a.jpg', 'A.jpg', 'a (2).jpg')), {
          maxLength: 30,
        }),
        (raw) => {
          const names = uniqueNames(raw)
          expect(names).toHaveLength(raw.length)
          expect(new Set(names.map(nameKey)).size).toBe(raw.length)
          for (const name of names) expect(sanitizeName(name)).toBe(name)
        },
      ),
    )
  })

  it('numbers a thousand equal long names', () => {
    const names = uniqueNames(Array.from({ length: 1_000 }, () => `${'가'.repeat(80)}.jpg`))
    expect(new Set(names).size).toBe(1_000)
    expect(Math.max(...names.map(bytesOf))).toBeLessThanOrEqual(maxNameBytes)
  })
})
