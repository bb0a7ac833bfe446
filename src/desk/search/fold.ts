/**
 * Composes the characters of a text, lower-cases it, and removes invisible characters. Apply this
 * to both the text and the query.
 */
export function foldForSearch(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
}
