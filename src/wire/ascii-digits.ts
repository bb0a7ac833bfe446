/** The zeros of Arabic (also as in Uyghur and Persian), Devanagari and Tibetan digits. */
const zeros = [0x660, 0x6f0, 0x966, 0xf20]

/** Writes the digits of other scripts as those of ASCII. */
export function toAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    const zero = zeros.find((start) => code >= start && code < start + 10)
    return zero === undefined ? digit : String(code - zero)
  })
}
