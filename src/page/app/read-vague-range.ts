import { readNumber } from './read-number.ts'

/** Korean words for two or three numbers in a row. */
const pairs: Readonly<Record<string, readonly [from: number, to: number]>> = {
  한두: [1, 2],
  두세: [2, 3],
  두서너: [2, 4],
  서너: [3, 4],
  네댓: [4, 5],
  너댓: [4, 5],
  네다섯: [4, 5],
  대여섯: [5, 6],
  예닐곱: [6, 7],
  일고여덟: [7, 8],
}
const korean = new RegExp(
  `^(열|스물|서른|마흔|쉰|예순|일흔|여든)?\\s?(${Object.keys(pairs).join('|')})\\s?(?:살|세)$`,
  'u',
)

/** Both in whole years. */
interface VagueRange {
  is: 'range'
  from: number
  to: number
}

/** Reads `서너 살`, `열두세 살`, `三四岁` and `十七八岁`: numbers that follow each other. */
export function readVagueRange(text: string): VagueRange | null {
  const [, tensWord, pair] = korean.exec(text) ?? []
  const found = pair === undefined ? undefined : pairs[pair]
  if (found !== undefined) {
    const tens = tensWord === undefined ? 0 : (readNumber(tensWord) ?? 0)
    return { is: 'range', from: tens + found[0], to: tens + found[1] }
  }
  const [, ten = '', first, second] =
    /^([一二三四五六七八九]?十)?([一二两三四五六七八])([二三四五六七八九])[岁歲]$/u.exec(text) ?? []
  const [from, to] = [first, second].map((digit) =>
    digit === undefined ? null : readNumber(ten + digit),
  )
  return from != null && to != null && to === from + 1 ? { is: 'range', from, to } : null
}
