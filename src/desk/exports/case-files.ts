import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { tipLayoutOf } from '../files/layout.ts'
import type { Disclosed } from '../disclose/disclosed.ts'
import type { CaseView } from '../files/case-view.ts'

/** A file that may go, under a name that says nothing. */
export interface CaseFileToSend {
  name: string
  path: string
  bytes: number
  sha256: string
}

/**
 * The files of a case that its recipient may have: those `disclose` lists, as they lie in the
 * casebook.
 */
export function filesToSend(
  casebook: string,
  view: CaseView,
  { ref, attachments }: Disclosed,
): CaseFileToSend[] {
  const opened = new Map(view.opened.attachments.map((attachment) => [attachment.path, attachment]))
  return attachments.flatMap(({ name }, index) => {
    const found = opened.get(`attachments/${name}`)
    if (found === undefined) return []
    const { bytes, sha256, path } = found
    return [
      {
        name: `${ref}-${index + 1}${extensionOf(name)}`,
        path: join(tipLayoutOf(casebook, view.receipt).folder, path),
        bytes,
        sha256,
      },
    ]
  })
}

/** @returns null when it is no longer the file that was opened: then it does not go. */
export async function readUnchanged({ path, sha256 }: CaseFileToSend): Promise<Uint8Array | null> {
  const bytes = await readFile(path).catch(() => null)
  return bytes !== null && createHash('sha256').update(bytes).digest('hex') === sha256
    ? bytes
    : null
}

function extensionOf(name: string): string {
  const extension = extname(name).toLowerCase()
  return /^\.[a-z0-9]{1,5}$/.test(extension) ? extension : ''
}
