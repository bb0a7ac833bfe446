import { createHash, randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { formatJsonDocument } from '../../keyring/json-document.ts'
import { publishLogged } from '../custody/publish-logged.ts'
import type { Actor, CustodyEntry } from '../custody/record.ts'
import { maxCaseBytes, maxChanges } from '../files/bounds.ts'
import type { CaseFile } from '../files/case-file.ts'
import { CasebookError } from '../files/errors.ts'
import { tipLayoutOf } from '../files/layout.ts'

/**
 * A new case.json, written durably under a temporary name. A full disk is noticed at this point,
 * before anything has been recorded.
 */
export interface PreparedCase {
  readonly file: CaseFile
  readonly temporary: string
  readonly entry: CustodyEntry
}

/**
 * @param reason for the custody log; must not contain the content of the changes
 * @throws CasebookError `CASE_FULL`; errors of the disk.
 */
export async function prepareCase(
  casebook: string,
  file: CaseFile,
  reason: string,
): Promise<PreparedCase> {
  if (file.changes.length > maxChanges)
    throw new CasebookError('CASE_FULL', `a case takes ${maxChanges} changes and no more`)
  const bytes = formatJsonDocument(file)
  if (bytes.length > maxCaseBytes)
    throw new CasebookError(
      'CASE_FULL',
      `case.json would be over ${maxCaseBytes} bytes: put long texts in a file`,
    )
  const temporary = join(
    tipLayoutOf(casebook, file.receipt).folder,
    `.case.json.${randomBytes(6).toString('hex')}.tmp`,
  )
  await writeDurably(temporary, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    file,
    temporary,
    entry: { action: 'case_changed', item: file.receipt, sha256, reason: reason.slice(0, 500) },
  }
}

/**
 * Records the changes in the custody log, then renames the files to case.json. Call it only under
 * the casebook's lock.
 * @throws CustodyError; errors of the disk.
 */
export async function publishCases(actor: Actor, cases: readonly PreparedCase[]): Promise<void> {
  await publishLogged(
    actor,
    cases.map(({ file, temporary, entry }) => ({
      temporary,
      target: tipLayoutOf(actor.casebook, file.receipt).case,
      entry,
    })),
  )
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}
