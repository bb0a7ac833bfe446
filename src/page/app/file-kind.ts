import { describeKind, kindBytes } from '../cleaning/describe-kind.ts'
import type { FileKind } from './file-draft.ts'

const documents = /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|hwpx?|wps|et|dps)$/i

/**
 * Pictures by their first bytes; what cannot be cleaned by its name, as the words differ little.
 */
export async function kindOf(file: File): Promise<FileKind> {
  const start = new Uint8Array(await file.slice(0, kindBytes).arrayBuffer())
  if (describeKind(start) !== 'other') return 'picture'
  if (/^(?:video|audio)\//.test(file.type)) return 'video'
  return documents.test(file.name) ? 'document' : 'other'
}
