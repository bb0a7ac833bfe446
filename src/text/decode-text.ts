/**
 * A text as an editor saves it: UTF-8, or UTF-16 with a byte order mark, as Windows' editors save
 * "Unicode".
 * @throws TypeError for any other encoding
 */
export function decodeText(bytes: Uint8Array): string {
  const isMarked = (first: number, second: number): boolean =>
    bytes[0] === first && bytes[1] === second
  const encoding = isMarked(0xff, 0xfe) ? 'utf-16le' : isMarked(0xfe, 0xff) ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true }).decode(bytes)
}
