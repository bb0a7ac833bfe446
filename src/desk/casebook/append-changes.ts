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
/** A change before it is said when and by whom. */
export type ChangeDraft = WithoutStamp<Change>

/** Who the program's own changes are by. */
export const programName = 'tumen'

/** What is written of a time everywhere in a casebook: UTC, whole seconds. */
export function stampOf(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`
}

/**
 * Adds changes to a case, all or none: checked, under the casebook's lock, durable, and in the
 * custody log.
 * @returns the case file as it is now.
 * @throws CasebookError `CASE_UNKNOWN`, `CASE_DAMAGED`, `CASE_FULL`, `CHANGE_INVALID`,
 * `FIELD_UNKNOWN`,
 * `VALUE_INVALID`, `CORRECTION_REFUSED`; CustodyError; what the disk throws.
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
 * As `appendChanges` for many cases in one go, each of which may refuse by itself.
 * @returns the receipts of those that did.
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
  const { file, damage } = await readCaseFile(actor.casebook, receipt)
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

/** For the custody log: what kind of change, never what it says. */
function describeChange(change: Change): string {
  switch (change.kind) {
    case 'set':
      return `${change.value === null ? 'unset' : 'set'} ${change.field}`
    case 'consent':
      return `consent ${change.recipient}`
    case 'confirm':
      return `confirm ${change.field}`
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
