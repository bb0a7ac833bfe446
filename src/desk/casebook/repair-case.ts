import { link } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../disk/make-folder.ts'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { consentRecipients } from '../../tip/codes.ts'
import { withCasebookLock } from '../custody/lock.ts'
import type { Actor } from '../custody/record.ts'
import { programName, stampOf } from './append-changes.ts'
import { maxCaseBytes } from '../files/bounds.ts'
import type { Change } from '../files/case-file.ts'
import { CasebookError } from '../files/errors.ts'
import { layoutOf, tipLayoutOf } from '../files/layout.ts'
import { changeProblem, emptyCaseFile, frameProblem, readCaseFile } from './read-case.ts'
import { parseJsonFile, readCasebookFile } from '../files/read-file.ts'
import { prepareCase, publishCases } from './write-case.ts'

export interface Repaired {
  /** Path of the damaged file in the casebook; nothing of it is deleted. */
  readonly keptAs: string
  readonly keptChanges: number
  /** Null when nothing in the file can be read, so that the number is unknown. */
  readonly lostChanges: number | null
}

const maxKept = 1_000

/**
 * Replaces a damaged case.json with a new one that holds the changes that can still be read. A lost
 * change may have been a refusal, so consent goes back to `ask_first` for every recipient.
 * @throws CasebookError `CHANGE_INVALID` when the file is not damaged, `CASE_NEWER` when a newer
 *   version wrote it; errors of the disk.
 */
export async function repairCase(actor: Actor, receipt: string): Promise<Repaired> {
  return await withCasebookLock(actor.casebook, async () => {
    const { damage, isNewer } = await readCaseFile(actor.casebook, receipt)
    if (isNewer)
      throw new CasebookError('CASE_NEWER', `${damage}; repairing it here would lose changes`)
    if (damage === null)
      throw new CasebookError(
        'CHANGE_INVALID',
        'case.json of this case is not damaged: there is nothing to repair',
      )
    const { kept, lost } = await salvage(actor.casebook, receipt)
    const keptAs = await keepAside(actor.casebook, receipt)
    const stamp = { at: stampOf(actor.now()), by: programName }
    const reason = `case.json was damaged and is kept as ${keptAs}`
    const changes: Change[] = [
      ...kept,
      {
        kind: 'note',
        ...stamp,
        text: `${reason}. Changes kept: ${kept.length}; lost: ${lost ?? 'nobody knows'}. Ask again who may be told.`,
      },
      ...consentRecipients.map(
        (recipient): Change => ({
          kind: 'consent',
          ...stamp,
          recipient,
          level: 'ask_first',
          given_by: programName,
          reason,
        }),
      ),
    ]
    await publishCases(actor, [
      await prepareCase(actor.casebook, { ...emptyCaseFile(receipt), changes }, reason),
    ])
    return { keptAs, keptChanges: kept.length, lostChanges: lost }
  })
}

/** Leaves space for the note and the consent entries that a repair adds. */
const maxSalvaged = 9_000

async function salvage(
  casebook: string,
  receipt: string,
): Promise<{ kept: Change[]; lost: number | null }> {
  try {
    const bytes = await readCasebookFile(tipLayoutOf(casebook, receipt).case, maxCaseBytes)
    const value = parseJsonFile(bytes ?? new Uint8Array())
    if (frameProblem(value, receipt) !== null) return { kept: [], lost: null }
    const found = (value as { changes: readonly unknown[] }).changes
    const kept = found
      .filter((change): change is Change => changeProblem(change) === null)
      .slice(0, maxSalvaged)
    return { kept, lost: found.length - kept.length }
  } catch (error) {
    if (error instanceof CasebookError) return { kept: [], lost: null }
    throw error
  }
}

/**
 * Adds a second name to the damaged file, so that replacing `case.json` does not delete it. A link
 * never overwrites an earlier copy.
 */
async function keepAside(casebook: string, receipt: string): Promise<string> {
  const { aside } = layoutOf(casebook)
  await makeFolder(aside, 0o700)
  for (let number = 1; number <= maxKept; number += 1) {
    const name = `${receipt}.case.json.damaged-${number}`
    const isKept = await link(tipLayoutOf(casebook, receipt).case, join(aside, name)).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    )
    if (!isKept) continue
    await syncDirectory(aside)
    return `aside/${name}`
  }
  throw new CasebookError(
    'CASE_DAMAGED',
    `there are ${maxKept} damaged files of this case already: look at the disk`,
  )
}
