import { zipSync } from 'fflate'
import type { Disclosed } from '../disclose/disclosed.ts'
import type { CaseFileToSend } from './case-files.ts'
import { readUnchanged } from './case-files.ts'
import type { UwaziOptions } from './uwazi.ts'
import { uwaziCsv } from './uwazi.ts'

/**
 * The largest archive that Uwazi accepts; the limit for content leaves space for the archive's
 * directory.
 */
export const maxZipBytes = 50 * 1024 * 1024
const maxContentBytes = maxZipBytes - 1024 * 1024
/** A fixed time, the earliest that ZIP can store, so that the same content gives the same bytes. */
const mtime = new Date(1980, 0, 1)

export interface CaseToZip {
  disclosed: Disclosed
  files: readonly CaseFileToSend[]
}

export interface ZipPart {
  bytes: Uint8Array
  cases: number
}

/**
 * Archives with `import.csv` and the files at their root, as many as are needed. A file that is too
 * large for one archive, or is no longer the file that was opened, is passed to `left` and is not
 * included.
 */
export async function* uwaziZips(
  cases: readonly CaseToZip[],
  left: (file: CaseFileToSend, why: string) => void,
  options: UwaziOptions = {},
): AsyncGenerator<ZipPart> {
  let part: CaseToZip[] = []
  let bytes = 0
  for (const each of cases) {
    const files = each.files.filter((file) => {
      const fits = file.bytes < maxContentBytes
      if (!fits) left(file, 'it is larger than Uwazi takes')
      return fits
    })
    const size = files.reduce((sum, file) => sum + file.bytes, 0)
    if (part.length > 0 && bytes + size > maxContentBytes) {
      yield await zipOf(part, left, options)
      ;[part, bytes] = [[], 0]
    }
    part.push({ disclosed: each.disclosed, files })
    bytes += size
  }
  if (part.length > 0) yield await zipOf(part, left, options)
}

async function zipOf(
  cases: readonly CaseToZip[],
  left: (file: CaseFileToSend, why: string) => void,
  options: UwaziOptions,
): Promise<ZipPart> {
  const entries: Record<string, [Uint8Array, { level: 0 | 6; mtime: Date }]> = {}
  const rows: { disclosed: Disclosed; files: string[] }[] = []
  for (const { disclosed, files } of cases) {
    const names: string[] = []
    for (const file of files) {
      const content = await readUnchanged(file)
      if (content === null) left(file, 'it is not the file that was opened: see "tumen verify"')
      else {
        entries[file.name] = [content, { level: 0, mtime }]
        names.push(file.name)
      }
    }
    rows.push({ disclosed, files: names })
  }
  const csv = new TextEncoder().encode(uwaziCsv(rows, options))
  return {
    bytes: zipSync({ 'import.csv': [csv, { level: 6, mtime }], ...entries }),
    cases: cases.length,
  }
}
