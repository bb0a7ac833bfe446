import { describe, expect, it } from 'vitest'
import { barIn, yearOf } from '../../../src/desk/site/edtf-bar.ts'
import { whenInWords } from '../../../src/desk/site/when.ts'
import { parseEdtf } from '../../../src/tip/edtf.ts'

const close = (value: number) => Math.round(value * 100) / 100

describe('barIn', () => {
  it.each([
    // All months have the same width, so 4 November starts 3/30 into the eleventh.
    ['2017-11-04', 'day', 10.1, 10.13, false, false],
    ['2017-11-01/2017-11-10', 'range', 10, 10.33, false, false],
    ['2017-11', 'range', 10, 11, false, false],
    ['2017', 'range', 0, 12, false, false],
    ['2017-11~', 'approximate', 10, 11, false, false],
    ['2017-11?', 'uncertain', 10, 11, false, false],
    ['2017-11%', 'uncertain', 10, 11, false, false],
    ['2017-11-02/..', 'range', 10.03, 12, false, true],
    ['2017-11-02/', 'range', 10.03, 12, false, true],
    ['../2017-06-30', 'range', 0, 6, true, false],
    ['2016-12-20/2017-01-05', 'range', 0, 0.16, true, false],
    ['2017-12-30/2018-02-01', 'range', 11.94, 12, false, true],
    ['2016-01-01/2018-12-31', 'range', 0, 12, true, true],
  ] as const)(
    'draws %s in 2017 as %s from %d to %d',
    (edtf, kind, from, to, isOpenStart, isOpenEnd) => {
      const shape = barIn('2017', parseEdtf(edtf))
      expect(shape && { ...shape, from: close(shape.from), to: close(shape.to) }).toEqual({
        kind,
        from,
        to,
        isOpenStart,
        isOpenEnd,
      })
    },
  )

  it.each(['2016-12-31', '2018-01-01', '2018-01-01/..', '../2016-12-31', 'unknown'])(
    'draws nothing of %s in 2017',
    (edtf) => {
      expect(barIn('2017', parseEdtf(edtf))).toBeNull()
    },
  )

  it('knows the leap days of every century', () => {
    expect(close(barIn('2000', parseEdtf('2000-02-29'))?.to ?? 0)).toBe(2)
    expect(close(barIn('1900', parseEdtf('1900-02-28'))?.to ?? 0)).toBe(2)
    expect(close(barIn('0004', parseEdtf('0004-02-29'))?.to ?? 0)).toBe(2)
  })

  it.each([
    ['2017-11-04', '2017'],
    ['2016-12-20/2017-01-05', '2016'],
    ['../2017-06-30', '2017'],
    ['2018/..', '2018'],
    ['unknown', null],
  ])('puts %s under %s', (edtf, year) => {
    expect(yearOf(parseEdtf(edtf))).toBe(year)
  })
})

describe('whenInWords', () => {
  it.each([
    ['2017-11-04', '4 Nov 2017'],
    ['2017-11', 'Nov 2017'],
    ['2017', '2017'],
    ['2017-11~', 'about Nov 2017'],
    ['2017?', 'perhaps 2017'],
    ['2017-11-04%', 'perhaps about 4 Nov 2017'],
    ['2017-11-01/2017-11-10', '1 to 10 Nov 2017'],
    ['2017-10-28/2017-11-10', '28 Oct to 10 Nov 2017'],
    ['2016-12-20/2017-01-05', '20 Dec 2016 to 5 Jan 2017'],
    ['2017-11~/2017-12', 'about Nov 2017 to Dec 2017'],
    ['2017-11-02/..', '2 Nov 2017 or later'],
    ['2017-11-02/', '2 Nov 2017 or later'],
    ['../2017-06', 'Jun 2017 or earlier'],
    ['/2017-06', 'Jun 2017 or earlier'],
    ['unknown', 'date not known'],
    ['', ''],
    [null, ''],
    ['<b>', '<b>'],
  ])('says %s as %s', (edtf, words) => {
    expect(whenInWords(edtf)).toBe(words)
  })
})
