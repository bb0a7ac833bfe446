import { failure } from './errors.ts'

/** Windows' editors save "Unicode" as UTF-16, and say so with these bytes. */
const utf16: readonly (readonly [name: string, mark: readonly [number, number]])[] = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/**
 * A text that a person wrote in an editor. Without this check, a text in a national encoding would
 * be sealed with a sign for every letter that cannot be read, and nobody would notice.
 * @throws CliError `FAILED` if it is neither UTF-8 nor marked as UTF-16
 */
export function decodeTypedText(bytes: Uint8Array): string {
  const marked = utf16.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))
  try {
    return new TextDecoder(marked?.[0] ?? 'utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw failure(
      'the text is not in UTF-8: save it as UTF-8 in your editor, or attach it as a file',
      cause,
    )
  }
}
