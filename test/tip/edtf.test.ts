import edtf from 'edtf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edtfPattern, isEdtf, maxEdtfChars, parseEdtf } from '../../src/tip/edtf.ts'
import { codeOfCall } from './streams.ts'

describe('parseEdtf', () => {
  it.each([
    ['2017-11-04', '2017-11-04', '2017-11-04', false, false],
    ['2017-11', '2017-11-01', '2017-11-30', false, false],
    ['2017-11~', '2017-11-01', '2017-11-30', true, false],
    ['2017?', '2017-01-01', '2017-12-31', false, true],
    ['2017-11-04%', '2017-11-04', '2017-11-04', true, true],
    ['2016-02', '2016-02-01', '2016-02-29', false, false],
    ['1900-02', '1900-02-01', '1900-02-28', false, false],
    ['2000-02-29', '2000-02-29', '2000-02-29', false, false],
    ['2017-11-01/2017-11-10', '2017-11-01', '2017-11-10', false, false],
    ['2017-11~/2018?', '2017-11-01', '2018-12-31', true, true],
    ['2017-11-04/2017-11', '2017-11-04', '2017-11-30', false, false],
    ['2017-11-04/..', '2017-11-04', null, false, false],
    ['../2017-11-04', null, '2017-11-04', false, false],
    ['2017-11-04/', '2017-11-04', null, false, false],
    ['/2017-11-04', null, '2017-11-04', false, false],
    ['unknown', null, null, false, false],
    ['2017-12-01~/2017-12-31~', '2017-12-01', '2017-12-31', true, false],
  ])('reads %s', (text, earliest, latest, approximate, uncertain) => {
    expect(parseEdtf(text)).toEqual({ earliest, latest, approximate, uncertain })
  })

  it.each([
    '',
    ' ',
    '2017-13',
    '2017-00',
    '2017-11-31',
    '2017-02-29',
    '1900-02-29',
    '2100-02-29',
    '2017-11-00',
    '17-11-04',
    '02017',
    '2017-1',
    '2017/2016',
    '2017-11-04/2017-11-03',
    '..',
    '/',
    '../..',
    '../',
    '/..',
    '2017-11-04T10:00',
    '2017-XX',
    '201X',
    '2017-21',
    '2017-11-04/2017-11-05/2017-11-06',
    '2017??',
    '?2017',
    '2017年11月',
    '11월 초',
    '２０１７',
    '2017-11-04\n',
    '2017-11-04 ',
    'unknown/..',
  ])('refuses %j', (text) => expect(codeOfCall(() => parseEdtf(text))).toBe('DATE_INVALID'))

  it('accepts the longest possible text and nothing longer', () => {
    const longest = '2017-11-04~/2017-11-05~'
    expect(longest).toHaveLength(maxEdtfChars)
    expect(isEdtf(longest)).toBe(true)
    expect(isEdtf(`${longest}~`)).toBe(false)
  })

  it('throws only DATE_INVALID', () => {
    const datelike = fc.string({
      unit: fc.constantFrom(...'0123456789-/.?~%XunkowT'),
      maxLength: 26,
    })
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), datelike), (text) => {
        expect(['accepted', 'DATE_INVALID']).toContain(codeOfCall(() => parseEdtf(text)))
      }),
      { numRuns: 2_000 },
    )
  })
})

const twoDigits = (value: number): string => String(value).padStart(2, '0')
const dateText = fc
  .tuple(
    fc.integer({ min: 1000, max: 2999 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 31 }),
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('', '?', '~', '%'),
  )
  .map(
    ([year, month, day, precision, qualifier]) =>
      [String(year), twoDigits(month), twoDigits(day)].slice(0, precision).join('-') + qualifier,
  )

const isCalendarDay = (text: string): boolean => {
  const bare = text.replace(/[?~%]$/u, '')
  return (
    bare.length < 10 ||
    new Date(Date.parse(`${bare}T00:00:00Z`) || 0).toISOString().startsWith(bare)
  )
}
const isoDay = (time: number): string => new Date(time).toISOString().slice(0, 10)

describe('against the edtf package', () => {
  it('accepts the same dates and gives the same days', () => {
    fc.assert(
      fc.property(dateText, (text) => {
        // Only real days, because the package also accepts days that do not exist.
        fc.pre(isCalendarDay(text))
        const theirs = edtf(text)
        expect(parseEdtf(text)).toMatchObject({
          earliest: isoDay(theirs.min),
          latest: isoDay(theirs.max),
        })
      }),
      { numRuns: 1_000 },
    )
  })

  it('accepts the same intervals and gives the same days', () => {
    fc.assert(
      fc.property(dateText, dateText, (start, end) => {
        fc.pre(isCalendarDay(start) && isCalendarDay(end))
        const text = `${start}/${end}`
        if (!isEdtf(text)) {
          expect(() => edtf(text)).toThrow()
          return
        }
        // An interval from a day to the month that contains it is accepted by us, but not by the
        // package.
        fc.pre(parseEdtf(start).earliest! < parseEdtf(end).earliest!)
        const theirs = edtf(text)
        expect(parseEdtf(text)).toMatchObject({
          earliest: isoDay(theirs.min),
          latest: isoDay(theirs.max),
        })
      }),
      { numRuns: 1_000 },
    )
  })

  it('refuses only days that do not exist', () => {
    fc.assert(
      fc.property(dateText, (text) => {
        expect(isEdtf(text)).toBe(isCalendarDay(text))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('edtfPattern', () => {
  it('is exact except for the order of the ends', () => {
    const expression = new RegExp(edtfPattern, 'u')
    fc.assert(
      fc.property(dateText, dateText, (start, end) => {
        const isInOrder = isEdtf(`${start}/${end}`)
        const fits = expression.test(`${start}/${end}`)
        expect(fits).toBe(isEdtf(start) && isEdtf(end))
        if (isInOrder) expect(fits).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
