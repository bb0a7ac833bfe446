import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SafePaths } from '../../src/open/safe-paths.ts'
import { nameKey, sanitizeName } from '../../src/tip/names.ts'

const nasty = [
  '..',
  '.',
  '',
  'con',
  'a',
  'A',
  'a.',
  'é',
  'e\u0301',
  '\u202eb',
  '-rf',
  '~',
  'tip.json',
  'attachments',
  'x'.repeat(255),
  '사진.jpg',
  '\ud800',
  'a\0b',
  'a\nb',
  '\\',
  '2 a',
]
const component = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 20 }))
const path = fc.array(component, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('/'))
// Few different names, so that paths collide: one path is a file where another needs a folder.
const meeting = fc
  .array(fc.constantFrom('a', 'A', 'b', '2 a', '3 a'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'))
const paths = fc.oneof(fc.array(path, { maxLength: 40 }), fc.array(meeting, { maxLength: 12 }))

const addAll = (packed: readonly string[]) => {
  const safe = new SafePaths()
  return packed.map((each) => safe.add(each))
}

describe('SafePaths', () => {
  it('does not change paths that our own sealer writes', () => {
    const packed = ['attachments/photo.jpg', 'attachments/photo (2).jpg', 'attachments/사진.jpg']
    expect(addAll(packed)).toEqual(packed)
  })

  it.each([
    [
      ['a', 'attachments/a'],
      ['attachments/a', 'attachments/2 a'],
    ],
    [
      ['A', 'a'],
      ['attachments/A', 'attachments/2 a'],
    ],
    [
      ['a', 'a/b'],
      ['attachments/a', 'attachments/2 a/b'],
    ],
    [
      ['a/b', 'a'],
      ['attachments/a/b', 'attachments/2 a'],
    ],
    [
      ['a/b', 'a/c'],
      ['attachments/a/b', 'attachments/a/c'],
    ],
    [
      ['2 a', 'a', 'a'],
      ['attachments/2 a', 'attachments/a', 'attachments/3 a'],
    ],
    [['attachments'], ['attachments/attachments']],
    [['../x'], ['attachments/file/x']],
  ])('turns %j into %j', (packed, expected) => {
    expect(addAll(packed)).toEqual(expected)
  })

  it('never leaves attachments/, whatever the name', () => {
    fc.assert(
      fc.property(paths, (packed) => {
        for (const added of addAll(packed)) {
          const [top, ...rest] = added.split('/')
          expect(top).toBe('attachments')
          expect(rest.length).toBeGreaterThan(0)
          for (const part of rest) {
            expect(part).not.toMatch(/^\.{0,2}$|[\p{Cc}\\]/u)
            expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255)
          }
        }
      }),
    )
  })

  it('never assigns two files the same path, or a file the path of a folder', () => {
    fc.assert(
      fc.property(paths, (packed) => {
        const added = addAll(packed).map((each) => each.split('/').map(nameKey))
        const files = added.map((parts) => parts.join('/'))
        expect(new Set(files).size).toBe(files.length)
        const folders = new Set(
          added.flatMap((parts) =>
            parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/')),
          ),
        )
        expect(files.filter((file) => folders.has(file))).toEqual([])
      }),
    )
  })

  it('does not change its own results', () => {
    const short = paths.filter((packed) =>
      packed.every((each) => each.split('/').every((part) => Buffer.byteLength(part) < 190)),
    )
    fc.assert(
      fc.property(short, (packed) => {
        const added = addAll(packed)
        expect(addAll(added)).toEqual(added)
      }),
    )
  })

  it('sanitises each component', () => {
    fc.assert(
      fc.property(path, (packed) => {
        const inFolder = packed.startsWith('attachments/')
          ? packed.slice('attachments/'.length)
          : packed
        expect(addAll([packed])).toEqual([
          `attachments/${inFolder.split('/').map(sanitizeName).join('/')}`,
        ])
      }),
    )
  })
})
