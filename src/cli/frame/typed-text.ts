import { decodeText } from '../../text/decode-text.ts'
import { failure } from './errors.ts'

/**
 * A text that a person wrote in an editor. Without this check, a text in a national encoding would
 * be sealed with a sign for every letter that cannot be read, and nobody would notice.
 * @throws CliError `FAILED` if it is neither UTF-8 nor marked as UTF-16
 */
export function decodeTypedText(bytes: Uint8Array): string {
  try {
    return decodeText(bytes)
  } catch (cause) {
    throw failure(
      'the text is not in UTF-8: save it as UTF-8 in your editor, or attach it as a file',
      cause,
    )
  }
}
