import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAge } from '../../../src/page/app/read-age.ts'
import { readCount } from '../../../src/page/app/read-count.ts'
import { readNumber } from '../../../src/page/app/read-number.ts'

const now = new Date(Date.UTC(2026, 10, 28))

const inYears: readonly [string, number][] = [
  ['4', 4],
  ['４', 4],
  ['4살', 4],
  ['4살 ', 4],
  [' 4 살', 4],
  ['네 살', 4],
  ['네살', 4],
  ['한 살', 1],
  ['서른다섯 살', 35],
  ['스무살', 20],
  ['스물한 살', 21],
  ['삼십오 세', 35],
  ['35세', 35],
  ['약 30', 30],
  ['약 30살', 30],
  ['한 서른쯤', 30],
  ['서른 살 정도', 30],
  ['대략 마흔 살', 40],
  ['about 30', 30],
  ['About thirty', 30],
  ['around 30 years old', 30],
  ['30ish', 30],
  ['thirty-five', 35],
  ['thirty five years old', 35],
  ['four', 4],
  ['nineteen', 19],
  ['a year old', 1],
  ['4 yo', 4],
  ['4y/o', 4],
  ['35 yrs', 35],
  ['四岁', 4],
  ['4岁', 4],
  ['两岁', 2],
  ['三十五岁', 35],
  ['三十五', 35],
  ['十岁', 10],
  ['十二歲', 12],
  ['约30岁', 30],
  ['大约三十岁左右', 30],
  ['두 돌', 2],
  ['125', 125],
  ['٣٠', 30],
  ['۳۰', 30],
  ['༣༠', 30],
  ['30歳', 30],
  ['나이 30', 30],
  ['30세 남자', 30],
  ['aged 30', 30],
  ['a 30-year-old', 30],
  ['서른 살 즈음', 30],
  ['서른 다섯', 35],
  ['40세(만)', 40],
  ['今年四十了', 40],
  ['네 살짜리', 4],
  ['세 살배기', 3],
  ['4살이에요', 4],
  ['she is about forty', 40],
  ['c. 40', 40],
  ['40 y.o.', 40],
  ['一百零二岁', 102],
  ['백두 살', 102],
  ['백세', 100],
  ['叁拾岁', 30],
  ['女，40岁', 40],
  ['3살 여자아이', 3],
  ['M40', 40],
]
const inMonths: readonly [string, number][] = [
  ['6개월', 6],
  ['여섯 달', 6],
  ['육 개월', 6],
  ['6个月', 6],
  ['六个月', 6],
  ['6 months', 6],
  ['six months old', 6],
  ['a month old', 1],
  ['半岁', 6],
  ['一岁半', 18],
  ['두 살 반', 30],
  ['2.5', 30],
  ['2½', 30],
  ['two and a half', 30],
  ['3 weeks', 0],
  ['10주', 2],
  ['신생아', 0],
  ['갓난아기', 0],
  ['新生儿', 0],
  ['newborn', 0],
  ['생후 3개월', 3],
  ['3개월 아기', 3],
  ['백일', 3],
  ['백일 된 아기', 3],
  ['100天', 3],
  ['10 days old', 0],
  ['6개월 된', 6],
  ['6-month-old', 6],
  ['1년 6개월', 18],
  ['1세 6개월', 18],
  ['一岁零三个月', 15],
  ['1 year 6 months', 18],
  ['1y6m', 18],
  ['满月', 1],
  ['첫돌', 12],
  ['보름', 0],
  ['半岁多', 6],
  ['1/2', 6],
]
const ranges: readonly [string, number, number][] = [
  ['30대', 30, 39],
  ['30 대', 30, 39],
  ['삼십대', 30, 39],
  ['30대 초반', 30, 39],
  ['10대', 10, 19],
  ['30s', 30, 39],
  ['thirties', 30, 39],
  ['in her thirties', 30, 39],
  ['mid-thirties', 30, 39],
  ['teens', 13, 19],
  ['三十多岁', 30, 39],
  ['30多岁', 30, 39],
  ['30-35', 30, 35],
  ['30~35살', 30, 35],
  ['30 to 35', 30, 35],
  ['四十到五十岁', 40, 50],
  ['서른에서 마흔 사이', 30, 40],
  ['서너 살', 3, 4],
  ['대여섯살', 5, 6],
  ['열두세 살', 12, 13],
  ['三四岁', 3, 4],
  ['十七八岁', 17, 18],
  ['三十来岁', 30, 39],
  ['mid-30s', 30, 39],
  ['20~30대', 20, 39],
  ['3~40대', 30, 49],
  ['이삼십대', 20, 39],
  ['三十几', 30, 39],
  ['40-something', 40, 49],
  ['20s or 30s', 20, 39],
  ['三十到四十岁之间', 30, 40],
  ['30세-40세', 30, 40],
  ['30〜40', 30, 40],
  ['30或35', 30, 35],
  ['3、4岁', 3, 4],
  ['여덟아홉 살', 8, 9],
  ['열댓 살', 15, 16],
  ['스물대여섯', 25, 26],
  ['under 18', 0, 17],
  ['18세 미만', 0, 17],
  ['未满18岁', 0, 17],
  ['미성년자', 0, 17],
  ['60살 이상', 60, 125],
  ['마흔 넘은', 40, 125],
  ['60+', 60, 125],
  ['6~7개월', 0, 1],
  ['80后', 36, 46],
  ['80년대생', 36, 46],
  ['born in the 1980s', 36, 46],
]
const births: readonly [string, number][] = [
  ['1985년생', 1985],
  ['1985', 1985],
  ['85년생', 1985],
  ['05년생', 2005],
  ['1985年生', 1985],
  ['1985年出生', 1985],
  ['born in 1985', 1985],
  ['b. 1985', 1985],
  ['85年生', 1985],
  ['’85', 1985],
  ['1985년 출생', 1985],
  ['생년 1985', 1985],
  ['1985-05-03', 1985],
  ['1985년 5월 3일', 1985],
  ['1985年5月出生', 1985],
  ['一九八五年', 1985],
  ['八五年生', 1985],
  ['천구백팔십오년생', 1985],
  ['19850503', 1985],
  ['May 5, 1985', 1985],
  ['5/3/1985', 1985],
  ['주체74년생', 1985],
  ['주체74(1985)년', 1985],
  ['民国74年', 1985],
  ['1985년생 여자', 1985],
]
const unread = [
  '',
  '어른',
  'child',
  '아이',
  '老人',
  '?',
  '126',
  '9999',
  '2027',
  '-4',
  '4-',
  '35대',
  '사람',
  '1e3',
  '4 4',
  '85. 5. 3',
  '三五岁',
  'toddler',
  '35-30',
  'constructor',
  // A number of people, not an age.
  '한 아이',
  '남자 둘',
  '아이 셋',
  '两个孩子',
  // M may stand for male or for months.
  '40M',
  '18m',
  // The sixty-year cycle and the animals name no single year.
  '甲子年生',
  '쥐띠',
  '음력 1985년',
  '85年',
  '백일도 안 된',
  '40년',
]

describe('readAge', () => {
  it.each(inYears)('reads %j in years', (typed, value) => {
    expect(readAge(typed, now)).toMatchObject({ is: 'age', value, unit: 'years' })
  })
  it.each(inMonths)('reads %j in months', (typed, value) => {
    expect(readAge(typed, now)).toMatchObject({ is: 'age', value, unit: 'months' })
  })
  it.each(ranges)('reads %j as a range', (typed, from, to) => {
    expect(readAge(typed, now)).toEqual({ is: 'range', from, to })
  })
  it.each(births)('reads %j as a year of birth', (typed, year) => {
    expect(readAge(typed, now)).toEqual({ is: 'born', year })
  })
  it.each(unread)('does not guess at %j', (typed) => {
    expect(readAge(typed, now)).toBeNull()
  })
  it.each([
    ['만 4세', 'international'],
    ['4周岁', 'international'],
    ['虚岁5', 'counting'],
    ['세는 나이 5살', 'counting'],
    ['4살', ''],
  ])('reads the way of counting from %j', (typed, reckoning) => {
    expect(readAge(typed, now)).toMatchObject({ is: 'age', reckoning })
  })
  it('reads any text without throwing, and stays within the bounds of a tip', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.stringMatching(/^[ 0-9년생살세대岁十약~.-]{0,8}$/u),
        ),
        (typed) => {
          const read = readAge(typed, now)
          if (read?.is === 'age') expect(read.value).toBeLessThanOrEqual(1_500)
          if (read?.is === 'born') expect(read.year).toBeLessThanOrEqual(2026)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('readCount', () => {
  it.each([
    ['5', 5],
    ['５명', 5],
    ['다섯 명', 5],
    ['두 사람', 2],
    ['五个人', 5],
    ['十二人', 12],
    ['five people', 5],
    ['1 person', 1],
    ['0', 0],
    ['스물 두 명', 22],
    ['100명', 100],
    ['백 명', 100],
    ['a dozen', 12],
    ['5인', 5],
    ['五位', 5],
    ['혼자', 1],
    ['없음', 0],
    ['没有', 0],
    ['俩', 2],
  ])('reads %j', (typed, count) => {
    expect(readCount(typed, 100)).toEqual({ count, isAll: true })
  })
  it.each([
    ['약 5명', 5],
    ['다섯 명쯤', 5],
    ['at least 5', 5],
    ['五人以上', 5],
    ['5 women', 5],
    ['5?', 5],
  ])('reads the number in %j, and that the words say more', (typed, count) => {
    expect(readCount(typed, 100)).toEqual({ count, isAll: false })
  })
  it.each(['', 'many', 'constructor', '여러 명', '101', '5-6'])('does not guess at %j', (typed) => {
    expect(readCount(typed, 100)).toBeNull()
  })
})

describe('readNumber', () => {
  it.each([
    ['1,000', 1_000],
    ['이백오십', 250],
    ['二百五十', 250],
    ['one hundred and five', 105],
    ['廿三', 23],
    ['壹佰', 100],
  ])('reads %j', (typed, value) => {
    expect(readNumber(typed)).toBe(value)
  })
  it.each(['一百二', '百十', '三五', '十十', '1,00', 'one hundred and'])(
    'does not guess at %j',
    (typed) => {
      expect(readNumber(typed)).toBeNull()
    },
  )
  it('reads every number from 1 to 99 written out in each language', () => {
    const ones = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']
    const native = ['', '한', '두', '세', '네', '다섯', '여섯', '일곱', '여덟', '아홉']
    const nativeTens = ['', '열', '스물', '서른', '마흔', '쉰', '예순', '일흔', '여든', '아흔']
    for (let value = 1; value < 100; value += 1) {
      const [tens, rest] = [Math.floor(value / 10), value % 10]
      const chinese = `${tens > 1 ? ones[tens] : ''}${tens > 0 ? '十' : ''}${ones[rest]}`
      expect(readNumber(chinese)).toBe(value)
      expect(readNumber(`${nativeTens[tens]}${native[rest]}`)).toBe(value)
    }
  })
})
