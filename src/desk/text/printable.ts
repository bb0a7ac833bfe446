/**
 * Characters that are invisible, reorder text, or control the terminal: control characters,
 * escapes, bidi marks and overrides, joiners, tags.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u
// The length is limited to that of colours and cursor moves, so that a made-up escape sequence
// cannot hide the text after it.
const escapes = /(?:\u{1B}\[|\u{9B})[0-?]{0,16}[ -/]?[@-~]/gu
/** Some scripts need these characters to join letters; they show nothing by themselves. */
const joiners = new Set(['\u{200C}', '\u{200D}'])
/** More combining marks than this on one letter would be drawn over the lines above. */
const manyMarks = /(\p{M}{4})\p{M}+/gu

/**
 * Makes any text safe to print on a terminal: without ANSI escapes, control characters or bidi
 * overrides. Line breaks and tabs become spaces; on request, line breaks are kept as `\n`. In HTML
 * the text also needs isolation (`<bdi>`).
 */
export function printable(
  text: string,
  options: { keepsNewlines?: boolean; maxCharacters?: number } = {},
): string {
  const { keepsNewlines = false, maxCharacters = Infinity } = options
  // The text is shortened before the costly steps and again afterwards, because a tip may have
  // 200,000 characters.
  const begun = text.length > maxCharacters * 8 ? text.slice(0, maxCharacters * 8) : text
  const lines = begun
    .replace(escapes, '')
    .split(/\r\n|[\n\r\u{85}\u{2028}\u{2029}\v\f]/u)
    .map(printableLine)
  const whole = keepsNewlines ? lines.join('\n') : lines.filter((line) => line !== '').join(' ')
  return shorten(whole, maxCharacters)
}

function printableLine(line: string): string {
  const shown = [...line.replaceAll('\t', ' ')]
    .filter((character) => joiners.has(character) || !unseen.test(character))
    .join('')
  return shown
    .replace(manyMarks, '$1')
    .replace(/\p{Zs}+/gu, ' ')
    .trim()
}

function shorten(text: string, maxCharacters: number): string {
  const characters = text.length <= maxCharacters ? null : [...text]
  return characters === null || characters.length <= maxCharacters
    ? text
    : `${characters.slice(0, Math.max(0, maxCharacters - 1)).join('')}…`
}
