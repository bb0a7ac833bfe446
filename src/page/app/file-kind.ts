import { describeKind, kindBytes } from '../../cleaning/describe-kind.ts'
import type { FileKind } from './file-draft.ts'

const documents = /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|hwpx?|wps|et|dps)$/i

/** MP4, MOV and 3GP, but not sequences of pictures; Matroska and WebM. */
const videoStart = /^(?:....ftyp(?!msf1|hev|avis)|\x1aE\xdf\xa3)/s

/**
 * Recognizes pictures, videos and PDF by their first bytes, because the name may be wrong, and a
 * browser does not know the type of every name. Others are recognized by type or name, which is
 * enough because the page says nearly the same about them.
 */
export async function kindOf(file: File): Promise<FileKind> {
  const bytes = new Uint8Array(await file.slice(0, kindBytes).arrayBuffer())
  if (describeKind(bytes) !== 'other') return 'picture'
  const start = String.fromCharCode(...bytes)
  if (videoStart.test(start) || /^(?:video|audio)\//.test(file.type)) return 'video'
  return start.startsWith('%PDF') || documents.test(file.name) ? 'document' : 'other'
}
