import {
  aboutWords,
  foldTyped,
  readNumber,
  readWholeYear,
  yearsBeforeFirst,
} from './read-number.ts'

/** A year, month or day as typed into its own field. */
export interface DatePart {
  value: number
  /** False if the words also say something that the value does not: `11월 초`, `4일 새벽`. */
  isAll: boolean
  /** As in EDTF: `~` for about, `?` for unsure. */
  mark: '' | '~' | '?'
}

const oldestYear = 1900
const latestYear = 2100

const about = new RegExp(`^(?:아마도?|probably|circa|ca?\\.|可能|${aboutWords})\\s?`, 'u')
const aboutAfter = /\s?(?:쯤|경|정도|무렵|즈음|께|左右|前后|前後|or so|-?ish)$/u
const beside =
  /^(?:the|on|early|mid|late|end of|beginning of|ad|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?|[월화수목금토일]요일|星期[一二三四五六日天]|周[一二三四五六日])\s?|\s?(?:초순?|중순?|하순|말|상순|초반|중반|후반|상반기|하반기|上旬|中旬|下旬|初|底|末|중|새벽|아침|오전|낮|점심|오후|저녁|밤|凌晨|早上|上午|中午|下午|晚上|夜里|夜裡|morning|afternoon|evening|night|\(.\)|г\.?|год)$/u

/** Removes words around a part until `read` can read it. */
function readAround(typed: string, read: (text: string) => number | null): DatePart | null {
  let text = foldTyped(typed)
  let mark: DatePart['mark'] = /[?？]\s*$/u.test(typed) ? '?' : ''
  let isAll = true
  for (;;) {
    const value = read(text)
    if (value !== null) return { value, isAll, mark }
    const plain = text.replace(about, '').replace(aboutAfter, '')
    if (plain !== text) mark ||= '~'
    else isAll = false
    const rest = (plain === text ? text.replace(beside, '') : plain).trim()
    if (rest === text || rest === '') return null
    text = rest
  }
}

const relativeYears: ReadonlyMap<string, number> = new Map([
  ['올해', 0],
  ['금년', 0],
  ['今年', 0],
  ['this year', 0],
  ['작년', -1],
  ['지난해', -1],
  ['去年', -1],
  ['last year', -1],
  ['재작년', -2],
  ['前年', -2],
])

/** @param newest the latest year that two digits can mean */
export function readYear(typed: string, thisYear: number, newest: number): DatePart | null {
  const relative = relativeYears.get(foldTyped(typed))
  if (relative !== undefined) return { value: thisYear + relative, isAll: false, mark: '' }
  return readAround(typed.replace(/^\s*['‘’]/u, ''), (text) => {
    const [, named] = /^(?:주체|民国|民國)\s?(\d{1,3})\s?[년年]?$/u.exec(text) ?? []
    if (named !== undefined) return inRange(Number(named) + yearsBeforeFirst)
    const bare = text.replace(/\s?(?:년도?|年度?|г\.?|год)$/u, '')
    const [, gregorian = bare] = /^(?:주체|민국)\s?\d{1,3}\s?\((\d{4})\)?$/u.exec(bare) ?? []
    return inRange(readWholeYear(gregorian, newest))
  })
}

const inRange = (year: number | null): number | null =>
  year !== null && year >= oldestYear && year <= latestYear ? year : null

const monthNames =
  'january february march april may june july august september october november december'.split(' ')
/** The place of a month by its whole name or a usual short form: `nov`, `sept.`, not `maybe`. */
export function readMonthName(text: string): number | null {
  const word = text.replace(/\.$/u, '')
  const found = monthNames.findIndex(
    (name) => name === word || name.slice(0, 3) === word || name.slice(0, 4) === word,
  )
  return found === -1 ? null : found + 1
}

/** The Korean names of June and October drop a consonant; 元月 is January, and 正月 is lunar. */
const otherMonths: ReadonlyMap<string, number> = new Map([
  ['유월', 6],
  ['시월', 10],
  ['元月', 1],
])

/** A month by the sun: lunar months such as `섣달` or `腊月` are left as words. */
export function readMonth(typed: string): DatePart | null {
  return readAround(typed, (text) => {
    const month =
      otherMonths.get(text) ??
      readMonthName(text) ??
      readNumber(text) ??
      readNumber(text.replace(/\s?(?:월달|월|月份?)$/u, ''))
    return month !== null && month >= 1 && month <= 12 ? month : null
  })
}

const ordinals =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'.split(
    ' ',
  )

/** A day of the month by the sun: lunar days such as `初四` or `그믐` are left as words. */
export function readDay(typed: string): DatePart | null {
  return readAround(typed, (text) => {
    if (text === 'thirtieth') return 30
    const [, tens, ordinal = text] = /^(twenty|thirty)[- ](.+)$/u.exec(text) ?? []
    const ones = ordinals.indexOf(ordinal) + 1
    if (ones > 0) return ones + (tens === undefined ? 0 : (readNumber(tens) ?? 0))
    // The text is first read whole: `십일` is eleven, not ten followed by a unit.
    return readNumber(text) ?? readNumber(text.replace(/\s?(?:일날|일|日|号|號|st|nd|rd|th)$/u, ''))
  })
}
