import { join } from 'node:path'
import { decodeText } from '../../text/decode-text.ts'
import { maxNarrativeChars, maxTipBytes } from '../../tip/bounds.ts'
import { TipError } from '../../tip/errors.ts'
import type { ReadTip } from '../../tip/read-tip.ts'
import { readTip } from '../../tip/read-tip.ts'
import { CasebookError } from './errors.ts'
import { tipLayoutOf } from './layout.ts'
import { readCasebookFile } from './read-file.ts'

/** The tip in a folder of tips/, or the reason why it cannot be read. */
export type TipFile =
  | { tip: ReadTip['tip']; unknown: ReadTip['unknown']; problem: null }
  | { tip: null; unknown: []; problem: string }

/**
 * Reads `tip.json` leniently. If it is missing, a plain text that somebody sealed by hand
 * (`attachments/unpacked`) becomes the narrative, so that the case can be read, corrected and
 * reported.
 * @throws errors of the disk.
 */
export async function readTipFile(casebook: string, receipt: string): Promise<TipFile> {
  const layout = tipLayoutOf(casebook, receipt)
  try {
    const bytes = await readCasebookFile(layout.tip, maxTipBytes)
    if (bytes !== null) return { ...readTip(bytes), problem: null }
    const narrative = await readPlainText(join(layout.attachments, 'unpacked'))
    return narrative === null
      ? { tip: null, unknown: [], problem: 'there is no tip.json' }
      : { tip: { narrative }, unknown: [], problem: null }
  } catch (error) {
    if (error instanceof CasebookError)
      return { tip: null, unknown: [], problem: `tip.json ${error.message}` }
    if (error instanceof TipError)
      return { tip: null, unknown: [], problem: `tip.json: ${error.message}` }
    throw error
  }
}

async function readPlainText(path: string): Promise<string | null> {
  try {
    const bytes = await readCasebookFile(path, maxTipBytes)
    return bytes === null ? null : plainTextOf(bytes)
  } catch (error) {
    // The attachment may be a photo or a film of any length, which is not a narrative.
    if (error instanceof CasebookError) return null
    throw error
  }
}

/**
 * Decodes a plaintext that consists only of text, as UTF-8, or as UTF-16 with a byte order mark,
 * and cuts it to the length of a narrative. Null if it has control characters or only blanks.
 */
export function plainTextOf(bytes: Uint8Array): string | null {
  try {
    const text = decodeText(bytes)
    if (/[\0-\u0008\u000e-\u001a\u001c-\u001f\u007f]/u.test(text) || text.trim() === '') return null
    return text.length > maxNarrativeChars ? [...text].slice(0, maxNarrativeChars).join('') : text
  } catch {
    return null
  }
}
