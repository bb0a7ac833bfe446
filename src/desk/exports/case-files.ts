import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nameOf } from '../disclose/files.ts'
import type { Disclosed } from '../disclose/disclosed.ts'
import { layoutOf, tipLayoutOf } from '../files/layout.ts'
import type { CaseView } from '../files/case-view.ts'

/** A file that may leave: its name outside, and its path in the casebook. */
export interface CaseFileToSend {
  name: string
  path: string
  bytes: number
  sha256: string
}

/** The files of a case that `disclose` allows to leave, as they are in the casebook. */
export function filesToSend(
  casebook: string,
  view: CaseView,
  { attachments }: Pick<Disclosed, 'attachments'>,
): CaseFileToSend[] {
  return attachments.flatMap(({ name, sha256, as }) => {
    const opened = view.opened.attachments.find((each) =>
      as === 'original'
        ? each.sha256 === sha256
        : view.state.releases.get(each.sha256)?.copy === sha256,
    )
    if (opened === undefined) return []
    const path =
      as === 'original'
        ? join(tipLayoutOf(casebook, view.receipt).folder, opened.path)
        : copyPathOf(casebook, view.receipt, opened)
    const bytes =
      as === 'original' ? opened.bytes : (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
    return [{ name, path, bytes, sha256 }]
  })
}

/** The path of Dangerzone's copy of an attachment; the copy may not exist. */
export function copyPathOf(casebook: string, receipt: string, opened: { path: string }): string {
  return join(layoutOf(casebook).root, 'working', receipt, `${nameOf(opened)}.pdf`)
}

/**
 * @returns null if the content is no longer what was opened or released; the file is then withheld.
 */
export async function readUnchanged({
  path,
  sha256,
}: Pick<CaseFileToSend, 'path' | 'sha256'>): Promise<Uint8Array | null> {
  const bytes = await readFile(path).catch(() => null)
  return bytes !== null && createHash('sha256').update(bytes).digest('hex') === sha256
    ? bytes
    : null
}
