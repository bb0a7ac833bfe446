import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDate } from '../../../src/page/app/edtf-of.ts'
import {
  dateChoices,
  dayOf,
  noDate,
  type DateParts,
  type VagueDate,
} from '../../../src/page/app/vague-date.ts'
import { isEdtf, parseEdtf } from '../../../src/tip/edtf.ts'

const now = new Date(2017, 10, 4, 8)
const parts = (year = '', month = '', day = ''): DateParts => ({ year, month, day })
const date = (choice: VagueDate['choice'], start = parts(), end = parts()): VagueDate => ({
  choice,
  start,
  end,
})

describe('readDate', () => {
  it.each([
    [noDate, null],
    [date('unknown'), 'unknown'],
    [date('today'), '2017-11-04~'],
    [date('yesterday'), '2017-11-03~'],
    [date('day', parts('2017', '11', '4')), '2017-11-04'],
    [date('day', parts('2017', '11')), '2017-11'],
    [date('day', parts('1989')), '1989'],
    [date('day'), null],
    [date('about_day', parts('2017', '11', '04')), '2017-11-04~'],
    [date('about_month', parts('2017', '11')), '2017-11~'],
    // The day was typed for another choice, and is no longer shown.
    [date('about_month', parts('2017', '11', '31')), '2017-11~'],
    [date('between', parts('2017', '11', '1'), parts('2017', '11', '10')), '2017-11-01/2017-11-10'],
    [date('between', parts('2017', '11'), parts('2017', '11', '10')), '2017-11/2017-11-10'],
    [date('between', parts('2017', '11', '10'), parts('2017')), '2017-11-10/2017'],
    [date('between', parts('2017', '11', '1')), '2017-11-01/'],
    [date('between', parts(), parts('2017', '11', '1')), '/2017-11-01'],
    [date('between'), null],
    [date('since', parts('2017', '11', '4')), '2017-11-04/..'],
    [date('since'), null],
    [date('day', parts('２０１７', ' 11 ', '４')), '2017-11-04'],
    [date('day', parts('2016', '2', '29')), '2016-02-29'],
  ])('turns %j into %j', (vague, expected) => {
    expect(readDate(vague, now)).toEqual({ edtf: expected, unread: null })
    if (expected !== null) expect(() => parseEdtf(expected)).not.toThrow()
  })

  it.each([
    [parts('17', '11', '4'), '2017-11-04'],
    [parts('85'), '1985'],
    [parts('2017년', '11월', '4일'), '2017-11-04'],
    [parts('2017年', '十一月', '四日'), '2017-11-04'],
    [parts('2017', 'November', '4th'), '2017-11-04'],
    [parts('2017', '십일', ''), '2017-11'],
    [parts('二〇一七', '11月份', '4号'), '2017-11-04'],
    [parts('이천십칠년', '시월', '사일'), '2017-10-04'],
    [parts('주체106년', 'Nov.', 'fourth'), '2017-11-04'],
    [parts('2017', '11', 'twenty-first'), '2017-11-21'],
    [parts('2017년 11월 4일'), '2017-11-04'],
    [parts('2017.11.4.'), '2017-11-04'],
    [parts('20171104'), '2017-11-04'],
    [parts('4 Nov 2017'), '2017-11-04'],
    [parts('2017', '11월 4일'), '2017-11-04'],
    [parts('2017', 'Nov 4'), '2017-11-04'],
    [parts('약 2017'), '2017~'],
    [parts('2017', '11월쯤'), '2017-11~'],
    [parts('2017', '11', '4?'), '2017-11-04?'],
  ])('reads %j as people write it', (start, expected) => {
    expect(readDate(date('day', start), now)).toEqual({ edtf: expected, unread: null })
  })

  it.each([
    [date('day', parts('', '11', '4')), null, '11 4'],
    [date('day', parts('soon')), null, 'soon'],
    [date('day', parts('constructor')), null, 'constructor'],
    [date('day', parts('1899')), null, '1899'],
    [date('day', parts('2101')), null, '2101'],
    [date('day', parts('2017', '13')), '2017', '2017 13'],
    [date('day', parts('2017', '0')), '2017', '2017 0'],
    [date('day', parts('2017', '2', '29')), '2017-02', '2017 2 29'],
    [date('about_day', parts('2017', '4', '31')), '2017-04~', '2017 4 31'],
    [date('day', parts('2017', '', '3')), '2017', '2017 3'],
    [date('between', parts('2017'), parts('x')), '2017/', '2017 / x'],
    // A word that only begins like the name of a month, and two months.
    [date('day', parts('2017', 'maybe')), '2017', '2017 maybe'],
    [date('day', parts('2017', 'June or July')), '2017', '2017 June or July'],
    // Lunar months and days.
    [date('day', parts('2017', '섣달')), '2017', '2017 섣달'],
    [date('day', parts('2017', '음력 11월', '4')), '2017', '2017 음력 11월 4'],
    [date('day', parts('2017', '11', '初四')), '2017-11', '2017 11 初四'],
    [date('day', parts('2017', '11월 초')), '2017-11', '2017 11월 초'],
    [date('day', parts('2017', '11', '4일 새벽')), '2017-11-04', '2017 11 4일 새벽'],
    [date('day', parts('작년')), '2016', '작년'],
    [date('day', parts('11/4/2017')), null, '11/4/2017'],
  ])('keeps the certain part of %j, and all of its words', (vague, edtf, unread) => {
    expect(readDate(vague, now)).toEqual({ edtf, unread })
  })

  it.each([
    [date('between', parts('2017', '11', '10'), parts('2017', '11', '9')), '2017-11-09/2017-11-10'],
    [date('between', parts('2017', '12'), parts('2017', '11', '9')), '2017-11-09/2017-12'],
  ])('swaps the days of %j if the first is later', (vague, expected) => {
    expect(readDate(vague, now)).toEqual({ edtf: expected, unread: null })
  })

  it('reads two digits as a coming year only where a day in the future is asked for', () => {
    const soon = date('about_day', parts('18', '1'))
    expect(readDate(soon, now, 10).edtf).toBe('2018-01~')
    expect(readDate(soon, now).edtf).toBe('1918-01~')
  })

  it('returns valid EDTF or null, whatever was typed', () => {
    const digits = (length: number) =>
      fc.oneof(fc.string(), fc.nat(10 ** length).map(String), fc.constant(''))
    const anyParts = fc.record({
      year: fc.oneof(digits(4), fc.integer({ min: 1890, max: 2110 }).map(String)),
      month: digits(2),
      day: digits(2),
    })
    fc.assert(
      fc.property(
        fc.constantFrom('' as const, ...dateChoices),
        anyParts,
        anyParts,
        (choice, start, end) => {
          const { edtf } = readDate({ choice, start, end }, now)
          return edtf === null || isEdtf(edtf)
        },
      ),
      { numRuns: 5000 },
    )
  })
})

it('dayOf is correct at the turn of the year', () => {
  expect(dayOf(new Date(2018, 0, 1, 0, 5), 1)).toBe('2017-12-31')
})
