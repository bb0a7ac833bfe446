import { aboutWords, foldTyped, readNumber } from './read-number.ts'

/** A number of people, and whether the typed words say more than this number. */
export interface ReadCount {
  count: number
  isAll: boolean
}

const units = /\s*(명|분|사람|인|名|位|个人|個人|个|個|口人|口|人|people|persons?)$/u
/** Words that say more than the number. */
const kinds =
  /\s*(남자|여자|아이|어린이|어른|大人|孩子|女人|男人|men|women|children|kids|adults|girls|boys|ppl)$/u
const about = new RegExp(
  `^(한|모두|총|전부|some|total|in total|all|一共|总共|總共|共|一家|최소한?|적어도|최대|많아야|at least|at most|up to|至少|最少|最多|${aboutWords})\\s?`,
  'u',
)
const aboutAfter =
  /\s*(쯤|정도|가량|안팎|이상|이하|넘게|左右|上下|以上|以下|多|or so|or more|in total|입니다|이에요|예요|이요|\+|吧|了)$/u
const collective: ReadonlyMap<string, number> = new Map([
  ['혼자', 1],
  ['둘이', 2],
  ['셋이', 3],
  ['넷이', 4],
  ['俩', 2],
  ['俩人', 2],
  ['倆', 2],
  ['仨', 3],
  ['仨人', 3],
  ['a dozen', 12],
  ['dozen', 12],
  ['half a dozen', 6],
  ['two dozen', 24],
  ['none', 0],
  ['nobody', 0],
  ['no one', 0],
  ['없음', 0],
  ['아무도 없음', 0],
  ['没有', 0],
  ['沒有', 0],
  ['没有人', 0],
  ['沒有人', 0],
  ['无', 0],
  ['無', 0],
])

const readPlainCount = (text: string): number | null =>
  collective.get(text) ?? readNumber(text) ?? readNumber(text.replace(units, ''))

/**
 * Reads a number of people, such as `다섯 명`, `五个人`, `about 5 people` or `최소 5명`. Null when it is
 * not certain.
 */
export function readCount(typed: string, maximum: number): ReadCount | null {
  const text = foldTyped(typed)
  const plain = readPlainCount(text)
  const bare = text.replace(about, '')
  const value =
    plain ??
    readPlainCount(bare) ??
    readPlainCount(bare.replace(aboutAfter, '').trim()) ??
    readPlainCount(bare.replace(kinds, ''))
  if (value === null || value > maximum) return null
  return { count: value, isAll: plain !== null && !/[?？]\s*$/u.test(typed) }
}
