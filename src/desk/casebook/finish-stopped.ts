import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { checkChain } from '../custody/check-chain.ts'
import { digestOfLine } from '../custody/chain.ts'
import { finishReplies } from '../custody/finish-replies.ts'
import { recordCustody } from '../custody/custody-log.ts'
import { withCasebookLock } from '../custody/lock.ts'
import type { Actor, CustodyEntry } from '../custody/record.ts'
import { entryOfStoppedRun } from '../custody/stopped-run.ts'
import type { CaseView } from '../files/case-view.ts'
import { layoutOf, tipLayoutOf } from '../files/layout.ts'
import { writtenAtDesk } from '../files/opened-record.ts'

const caseTemporary = /^\.case\.json\.[0-9a-f]{12}\.tmp$/u
const pageTemporary = /^\.index\.html\.[0-9a-f]{12}\.tmp$/u

/**
 * Cleans up after a program that was killed. A half-made case file whose change is already in the
 * custody log gets its final name; any other half-made file is deleted. Call it only under the lock
 * of `refreshCasebook`, because a running refresh has a half-made file of its own.
 */
export async function finishStopped(casebook: string): Promise<void> {
  for (const name of await readdir(casebook))
    if (pageTemporary.test(name)) await rm(join(casebook, name), { force: true })
  await withCasebookLock(casebook, async () => {
    await finishReplies(casebook)
    const found = await findCaseTemporaries(casebook)
    if (found.length === 0) return
    const { lines } = await checkChain(casebook)
    const logged = new Map(
      lines
        .filter(({ action }) => action === 'case_changed')
        .map(({ item, sha256 }) => [item, sha256]),
    )
    for (const { receipt, path } of found)
      await finishCase(casebook, receipt, path, logged.get(receipt))
  })
}

/**
 * Adds the log entries of cases whose program was killed after the case was written down at the
 * desk and before it was logged.
 */
export async function logForgottenCases(actor: Actor, views: readonly CaseView[]): Promise<void> {
  const written = views.filter(({ opened }) =>
    opened.problems.some(({ code }) => code === writtenAtDesk),
  )
  if (written.length === 0) return
  await withCasebookLock(actor.casebook, async () => {
    const { lines } = await checkChain(actor.casebook)
    const logged = new Set(
      lines.filter(({ action }) => action === 'case_written').map(({ item }) => item),
    )
    const entries: CustodyEntry[] = []
    for (const { receipt } of written.filter((view) => !logged.has(view.receipt)))
      entries.push(await entryOfStoppedRun(actor.casebook, receipt, 'case_written'))
    await recordCustody(actor, entries)
  })
}

async function finishCase(
  casebook: string,
  receipt: string,
  path: string,
  logged: string | null | undefined,
): Promise<void> {
  const { case: target, folder } = tipLayoutOf(casebook, receipt)
  if (digestOfLine(await readFile(path)) === logged) await rename(path, target)
  else await rm(path, { force: true })
  await syncDirectory(folder)
}

async function findCaseTemporaries(casebook: string): Promise<{ receipt: string; path: string }[]> {
  const { tips } = layoutOf(casebook)
  const found: { receipt: string; path: string }[] = []
  for (const entry of await readdir(tips, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue
    for (const name of await readdir(join(tips, entry.name)))
      if (caseTemporary.test(name))
        found.push({ receipt: entry.name, path: join(tips, entry.name, name) })
  }
  return found
}
