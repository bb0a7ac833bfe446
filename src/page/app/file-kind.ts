import { describeKind, kindBytes } from '../../cleaning/describe-kind.ts'
import type { FileKind } from './file-draft.ts'

const documents = /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|hwpx?|wps|et|dps)$/i

/**
 * Recognizes pictures by their first bytes. Other kinds cannot be cleaned and are recognized by
 * type or name, which is enough because the page says nearly the same about them.
 */
export async function kindOf(file: File): Promise<FileKind> {
  const start = new Uint8Array(await file.slice(0, kindBytes).arrayBuffer())
  if (describeKind(start) !== 'other') return 'picture'
  if (/^(?:video|audio)\//.test(file.type)) return 'video'
  return documents.test(file.name) ? 'document' : 'other'
}
