import type { Disclosed } from '../disclose/disclosed.ts'
import type { CaseFileToSend } from './case-files.ts'

/** `cases.json` of an archive: our own versioned format, for programs. */
export interface Archive {
  schema: 'tumen-archive/1'
  /** The day of the export, `YYYY-MM-DD`. */
  exported: string
  tool: string
  recipient: Disclosed['recipient']
  cases: (Omit<Disclosed, 'recipient' | 'attachments'> & {
    files: {
      name: string
      bytes: number
      sha256: string
      media_type: string | null
      /** The source's name for the file, if an analyst confirmed it. */
      original_name: string | null
    }[]
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
      files: files.map(({ name, bytes, sha256 }) => {
        const told = attachments.find((each) => each.name === name)
        return {
          name,
          bytes,
          sha256,
          media_type: told?.media_type ?? null,
          original_name: told?.original_name ?? null,
        }
      }),
    })),
  }
}
