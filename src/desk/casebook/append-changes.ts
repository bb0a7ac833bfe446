import { lstat } from 'node:fs/promises'
import { withCasebookLock } from '../custody/lock.ts'
import type { Actor } from '../custody/record.ts'
import type { CaseFile, Change } from '../files/case-file.ts'
import { refuseUnfit, refuseUnfitTogether } from './check-changes.ts'
import { CasebookError } from '../files/errors.ts'
import { tipLayoutOf } from '../files/layout.ts'
import { readCaseFile } from './read-case.ts'
import type { PreparedCase } from './write-case.ts'
import { prepareCase, publishCases } from './write-case.ts'

type WithoutStamp<Each> = Each extends Change ? Omit<Each, 'at' | 'by'> : never
/** A change without its time and author, which are added when it is saved. */
export type ChangeDraft = WithoutStamp<Change>

/** Author of the changes that the program makes by itself. */
export const programName = 'tumen'

/** The format of every time in a casebook: UTC, whole seconds. */
export function stampOf(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`
}

/**
 * Adds changes to a case, either all or none. They are checked, written durably under the
 * casebook's lock, and recorded in the custody log.
 * @returns the new case file.
 * @throws CasebookError `CASE_UNKNOWN`, `CASE_DAMAGED`, `CASE_NEWER`, `CASE_FULL`,
 * `CHANGE_INVALID`, `FIELD_UNKNOWN`, `VALUE_INVALID`, `CORRECTION_REFUSED`; CustodyError; errors of
 * the disk.
 */
export async function appendChanges(
  actor: Actor,
  receipt: string,
  changes: readonly ChangeDraft[],
): Promise<CaseFile> {
  const stamped = stamp(actor, changes)
  return await withCasebookLock(actor.casebook, async () => {
    const next = await prepareNext(actor, receipt, stamped)
    await publishCases(actor, [next])
    return next.file
  })
}

/**
 * Adds changes to many cases under one lock, each case as in `appendChanges`. A case that refuses
 * its changes does not stop the others.
 * @returns the receipts of the cases that refused.
 */
export async function appendToCases(
  actor: Actor,
  changes: ReadonlyMap<string, readonly ChangeDraft[]>,
): Promise<string[]> {
  const refused: string[] = []
  const prepare = async ([receipt, drafts]: readonly [string, readonly ChangeDraft[]]) => {
    try {
      return [await prepareNext(actor, receipt, stamp(actor, drafts))]
    } catch (error) {
      if (!(error instanceof CasebookError)) throw error
      refused.push(receipt)
      return []
    }
  }
  await withCasebookLock(actor.casebook, async () => {
    for (const some of chunksOf([...changes], casesAtOnce)) {
      const prepared = await Promise.allSettled(some.map(prepare))
      const good = prepared.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
      await publishCases(actor, good)
      for (const each of prepared) if (each.status === 'rejected') throw each.reason
    }
  })
  return refused
}

const casesAtOnce = 64

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function stamp(actor: Actor, changes: readonly ChangeDraft[]): Change[] {
  const at = stampOf(actor.now())
  const stamped = changes.map((change) => ({
    ...change,
    at,
    by: change.kind === 'tier_reached' ? programName : actor.role,
  }))
  for (const change of stamped) refuseUnfit(change)
  return stamped
}

async function prepareNext(
  actor: Actor,
  receipt: string,
  added: readonly Change[],
): Promise<PreparedCase> {
  await refuseUnknownCase(actor.casebook, receipt)
  const { file, damage, isNewer } = await readCaseFile(actor.casebook, receipt)
  if (isNewer) throw new CasebookError('CASE_NEWER', `${damage}; nothing is written over it`)
  if (damage !== null) {
    throw new CasebookError(
      'CASE_DAMAGED',
      `${damage}: nothing is written over it; see "tumen case repair ${receipt.slice(0, 8)}"`,
    )
  }
  const next: CaseFile = { ...file, changes: [...file.changes, ...added] }
  await refuseUnfitTogether(actor.casebook, next, added)
  return await prepareCase(actor.casebook, next, [...new Set(added.map(describeChange))].join(', '))
}

/** Description of a change for the custody log: its kind and field, never its content. */
function describeChange(change: Change): string {
  switch (change.kind) {
    case 'set':
      return `${change.value === null ? 'unset' : 'set'} ${change.field}`
    case 'consent':
      return `consent ${change.recipient}`
    case 'confirm':
      return `confirm ${change.field}`
    case 'reply':
    case 'withdraw_reply':
      return `${change.kind} ${change.id}`
    case 'close_thread':
      return change.closed ? 'close_thread' : 'open_thread'
    default:
      return change.kind
  }
}

async function refuseUnknownCase(casebook: string, receipt: string): Promise<void> {
  const isFolder = async (path: string) =>
    await lstat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    )
  const isKnown =
    /^[0-9a-f]{64}$/u.test(receipt) && (await isFolder(tipLayoutOf(casebook, receipt).folder))
  if (!isKnown) throw new CasebookError('CASE_UNKNOWN', 'there is no such case in this casebook')
}
