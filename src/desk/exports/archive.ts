import type { Disclosed } from '../disclose/disclosed.ts'
import type { CaseFileToSend } from './case-files.ts'

/** `cases.json` of an archive: our own format, versioned, for whoever imports by a program. */
export interface Archive {
  schema: 'tumen-archive/1'
  /** `YYYY-MM-DD`. */
  exported: string
  tool: string
  recipient: Disclosed['recipient']
  cases: (Omit<Disclosed, 'recipient' | 'attachments'> & {
    files: { name: string; bytes: number; sha256: string; media_type: string | null }[]
  })[]
}

export function archiveOf(
  cases: readonly { disclosed: Disclosed; files: readonly CaseFileToSend[] }[],
  about: { exported: string; tool: string; recipient: Disclosed['recipient'] },
): Archive {
  return {
    schema: 'tumen-archive/1',
    ...about,
    cases: cases.map(({ disclosed: { recipient: _recipient, attachments, ...rest }, files }) => ({
      ...rest,
      files: files.map(({ name, bytes, sha256 }) => ({
        name,
        bytes,
        sha256,
        media_type: attachments.find((each) => each.sha256 === sha256)?.media_type ?? null,
      })),
    })),
  }
}
