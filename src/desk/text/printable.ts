/**
 * What reorders or commands rather than shows: controls, escapes, bidi marks and overrides, joiners
 * of nothing, tags.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u
// Bounded, and nothing longer than colours and cursor moves: a made-up escape must not hide what
// follows it.
const escapes = /(?:\u{1B}\[|\u{9B})[0-?]{0,16}[ -/]?[@-~]/gu
/** Scripts join letters with these; they show nothing by themselves. */
const joiners = new Set(['\u{200C}', '\u{200D}'])
/** More than this on one letter is drawn over the lines above. */
const manyMarks = /(\p{M}{4})\p{M}+/gu

/**
 * Any text as one that a terminal shows as it is: no ANSI escapes, no controls, nothing that turns
 * the order of what follows. Line ends and tabs become spaces, or stay as `\n` when asked. HTML
 * wants isolation (`<bdi>`) besides.
 */
export function printable(
  text: string,
  options: { keepsNewlines?: boolean; maxCharacters?: number } = {},
): string {
  const { keepsNewlines = false, maxCharacters = Infinity } = options
  // Cut before the work, and once more after it: a tip's text is 200,000 characters long.
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
