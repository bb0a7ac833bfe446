import type { ageReckonings } from '../../tip/codes.ts'
import { oldestYears, readAgeRange, yearUnit, type AgeRange } from './read-age-range.ts'
import { readBirthDecade, readBirthYear } from './read-birth.ts'
import { aboutWords, completeYear, foldTyped, readNumber } from './read-number.ts'

/** What an age says for certain. The typed words are always included in the tip as well. */
export type ReadAge =
  | { is: 'age'; value: number; unit: 'years' | 'months'; reckoning: Reckoning | '' }
  | AgeRange
  /** A year of birth. */
  | { is: 'born'; year: number }

type Reckoning = Extract<(typeof ageReckonings)[number], 'international' | 'counting'>

/** @param now the current day; a year of birth must not be after it */
export function readAge(typed: string, now: Date): ReadAge | null {
  const thisYear = now.getFullYear()
  // The sign that a year is shortened would be lost with the punctuation.
  const [, shortYear] = /^\s*['‘’](\d{2})\s*$/u.exec(typed) ?? []
  if (shortYear !== undefined)
    return { is: 'born', year: completeYear(Number(shortYear), thisYear) }
  let text = foldTyped(typed)
  let reckoning: Reckoning | '' = ''
  while (text !== '') {
    const read = readPlain(text, thisYear)
    if (read?.is === 'age') return { ...read, reckoning: reckoning || read.reckoning }
    if (read !== null) return read
    const peeled = peel(text)
    if (peeled === null) return null
    reckoning ||= peeled.reckoning
    text = peeled.text
  }
  return null
}

/**
 * How years are counted. Korean 만 and Chinese 周岁 count birthdays; 虚岁 and 세는 나이 start at one at
 * birth.
 */
const countedByBirthdays =
  '만 ?나이로?|만으로|만|(?:年|刚|剛)?[满滿満]|周岁|周歲|实岁|實歲|足岁|足歲'
const countedFromOne = '虚岁|虛歲|虚歲|虚龄|(?:우리 ?나라 ?|우리 ?|세는 ?|한국 ?|집 ?)나이로?'

// Longer words come first, because the first that fits is taken.
const person =
  '여자 ?아이|남자 ?아이|남자|여자|남성|여성|남아|여아|아이|아기|애|사람|어른|아주머니|아저씨|할머니|할아버지|남|여|男性|女性|男的|女的|男人|女人|男孩|女孩|男|女|小孩|孩子|宝宝|寶寶|婴儿|嬰兒|man|woman|baby boy|baby girl|boy|girl|male|female|person|child|baby'
const sex = '남자?|여자?|남성|여성|男性?|女性?|male|female|m|f'
const unitsOfAge = '살|세|돌|개월|달|岁|歲|个月|個月|years?|old|months?'
const before =
  "(?:연 ?|실제 ?)?나이[는가]?|연세[는가]?|연령은?|생후|태어난 ?지|올해|지금|年龄|年齡|岁数|歲數|今年|现年|現年|age|aged|at|(?:s?he|they)(?: is|'s|’s| are)|i think|생년월일|출생년월|출생년도|출생|생년|出生年月日?|出生日期|出生|dob|year of birth|just turned|(?:a )?(?:man|woman|boy|girl|child) of|a"
const after =
  '된|됨|됐어요|되었어요|되었음|된 ?것 같아요|인 ?것 같아요|인 ?듯|되는|되어 ?보임|되어 ?보이는|보임|입니다|이에요|예요|이요|요|임|인|난|먹은|짜리|배기|박이|생|了|吧|的|大|i think|of age|old'
const about = `아마도?|한|abt\\.?|circa|ca?\\.?|有|约[莫摸]|約[莫摸]|可能|估计|估計|刚|剛|${aboutWords}`
const aboutAfter =
  '쯤|즈음|(?<=[岁歲월月])多|정도|가량|무렵|남짓|안팎|전후|左右|上下|前后|前後|or so|-?ish|\\?'

/** Words around an age: who it is, how it is counted, that it is a guess. */
const outerWords: readonly RegExp[] = [
  new RegExp(`^(?<birthdays>${countedByBirthdays})\\s?(?=\\S)`, 'u'),
  new RegExp(`^(?<one>${countedFromOne})\\s?(?=\\S)`, 'u'),
  new RegExp(`\\s?\\(?(?<birthdays>${countedByBirthdays})\\)?$`, 'u'),
  new RegExp(`\\s?\\(?(?<one>${countedFromOne})\\)?$`, 'u'),
  new RegExp(`^(?:${about})\\s?(?=\\S)`, 'u'),
  new RegExp(`\\s?(?:${aboutAfter})$`, 'u'),
  new RegExp(`^(?:${before})(?:\\s?[:：]\\s?|\\s|(?=[\\d가-힣一-龥]))`, 'u'),
  new RegExp(`^(?:${sex})\\s?[,/、·:]?\\s?(?=\\d)`, 'u'),
  // Without a unit, `아이 셋` are three children.
  new RegExp(`^(?:${person})\\s?[,/、·:]?\\s?(?=.{0,12}(?:${unitsOfAge}))`, 'u'),
  new RegExp(`(?<=\\d|생|대|된|난|日|일|生|${unitsOfAge})\\s?[,/、·]?\\s?的?(?:${person})$`, 'u'),
  new RegExp(`(?<=.{1})\\s?(?:${after})$`, 'u'),
]

function peel(text: string): { text: string; reckoning: Reckoning | '' } | null {
  for (const words of outerWords) {
    const found = words.exec(text)
    if (found === null) continue
    return {
      text: text.replace(words, '').trim(),
      reckoning:
        found.groups?.['birthdays'] !== undefined
          ? 'international'
          : found.groups?.['one'] !== undefined
            ? 'counting'
            : '',
    }
  }
  return null
}

function readPlain(text: string, thisYear: number): ReadAge | null {
  const months = fixedMonths.get(text)
  if (months !== undefined) return inMonths(months)
  const year = readBirthYear(text, thisYear)
  if (year !== null) return { is: 'born', year }
  const decade = readBirthDecade(text, thisYear)
  if (decade !== null)
    return { is: 'range', from: Math.max(0, thisYear - decade - 10), to: thisYear - decade }
  return readMonths(text) ?? readAgeRange(text) ?? readYears(text)
}

const inMonths = (value: number): ReadAge | null =>
  value <= oldestYears * 12 ? { is: 'age', value, unit: 'months', reckoning: '' } : null

const daysInMonth = 30
/** Fixed expressions, in months. A child of a hundred days, 백일, is one of them. */
const fixedMonths = new Map<string, number>(
  Object.entries({
    0: '신생아,갓난아기,갓난애,갓난아이,갓난이,新生儿,新生兒,初生儿,刚出生,剛出生,newborn,newborn baby,a newborn,하루,이틀,사흘,나흘,닷새,엿새,이레,열흘,보름',
    1: '满月,滿月',
    3: '백일,百日,백날',
    6: '반돌',
    12: '돌,첫돌,첫 돌',
  }).flatMap(([months, words]) => words.split(',').map((word) => [word, Number(months)])),
)

const monthUnit = '개월|달|个月大?|個月大?|months?(?:[- ]old)?|mos?\\.?'
const years = `(.{1,12}?)[\\s-]?(?:${yearUnit}|년|年)`
const compound = new RegExp(
  `^${years}(?:하고|과|零|又|,? and)?\\s?(.{1,8}?)\\s?(?:${monthUnit}|m)$`,
  'u',
)
const withHalf = new RegExp(
  `^(.{1,12}?)\\s?(?:(?:${yearUnit})\\s?(?:半|반)|(?:and a half|\\.5|1[⁄/]2)(?:\\s?(?:${yearUnit}))?)$`,
  'u',
)
const ofMonths = new RegExp(`^(.{1,12}?)[\\s-]?(?:${monthUnit})$`, 'u')
const ofWeeks = /^(.{1,12}?)[\s-]?(?:주일?|周大?|星期大?|个星期|weeks?(?:[- ]old)?|wks?)$/u
const ofDays = /^(.{1,12}?)[\s-]?(?:일|天大?|days?(?:[- ]old)?)$/u

/** A number, with `a` as one where a unit follows. */
const countIn = (text: string | undefined): number | null =>
  text === undefined ? null : text === 'a' || text === 'an' ? 1 : readNumber(text)

/** Reads ages that are not in whole years: `육 개월`, `一岁零三个月`, `두 살 반`, `2½`, `3 weeks`. */
function readMonths(text: string): ReadAge | null {
  if (
    /^(半岁|半歲|반 ?살|half a year(?: old)?|half year|(?:0?\.5|1[⁄/]2)\s?(?:살|세|岁|years?)?)$/u.test(
      text,
    )
  )
    return inMonths(6)
  // "thirty" ends in what looks like a unit, and 일 is also one, so the whole is a number first.
  if (readNumber(text) !== null) return null
  const [, whole, rest] = compound.exec(text) ?? []
  const [wholeYears, months] = [countIn(whole), countIn(rest)]
  if (wholeYears !== null && months !== null && months < 12 && wholeYears <= oldestYears)
    return inMonths(wholeYears * 12 + months)
  const halves = countIn(withHalf.exec(text)?.[1])
  if (halves !== null) return inMonths(halves * 12 + 6)
  const found = countIn(ofMonths.exec(text)?.[1])
  if (found !== null) return inMonths(found)
  const weeks = countIn(ofWeeks.exec(text)?.[1])
  const days = weeks === null ? countIn(ofDays.exec(text)?.[1]) : weeks * 7
  return days === null ? null : inMonths(Math.floor(days / daysInMonth))
}

const ofYears = new RegExp(`^(.+?)[\\s-]?(${yearUnit}|돌|лет|года?|ياش)$`, 'u')

function readYears(text: string): ReadAge | null {
  const bare = readNumber(text)
  const [, number, unit = ''] = bare === null || isHundred(text) ? (ofYears.exec(text) ?? []) : []
  const value = countIn(number) ?? bare
  return value !== null && value <= oldestYears
    ? {
        is: 'age',
        value,
        unit: 'years',
        reckoning: /^周[岁歲]$/u.test(unit) ? 'international' : '',
      }
    : null
}

/** 백세 is a hundred years, not a hundred and three. */
const isHundred = (text: string): boolean => text === '백세'
