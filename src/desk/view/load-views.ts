import { maxWindowsBytes } from '../files/bounds.ts'
import { CasebookError } from '../files/errors.ts'
import { layoutOf } from '../files/layout.ts'
import { readCasebookFile } from '../files/read-file.ts'
import { builtInWindows, parseWindows } from '../triage/windows.ts'
import type { CaseView } from '../files/case-view.ts'
import { findReceipt, idsOf, listTipFolders } from './find-case.ts'
import { makeView } from './make-view.ts'
import { withConversations } from '../replies/conversations.ts'
import { groupsOf } from '../replies/reply-group.ts'
import { tipsNearby } from '../replies/tips-nearby.ts'
import { readTrips } from '../replies/trip-files.ts'
import { printable } from '../text/printable.ts'
import { readTipFolder } from './read-tip-folder.ts'

/**
 * A part of the casebook that cannot be used; everything else is still loaded. `receipt` is null
 * for a problem that belongs to no case.
 */
export interface CasebookProblem {
  readonly receipt: string | null
  readonly code: string
  readonly detail: string
}

/** Cases read in parallel: enough to keep the disk busy. More would only take more memory. */
const atOnce = 32

/**
 * Loads every case of a casebook, sorted by receipt. Problems of a case are returned here and are
 * also in its `opened.problems`.
 * @throws CasebookError `NOT_A_CASEBOOK`; errors of the disk.
 */
export async function loadViews(
  casebook: string,
  now: Date,
): Promise<{ views: CaseView[]; problems: CasebookProblem[] }> {
  const problems: CasebookProblem[] = []
  const views: CaseView[] = []
  for await (const view of readViews(casebook, now, (problem) => problems.push(problem)))
    views.push(view)
  const trips = await readTrips(casebook)
  problems.push(
    ...trips.problems.map((detail) => ({ receipt: null, code: 'REPLIES_DAMAGED', detail })),
  )
  return { views: withConversations(views, trips), problems }
}

/** Makes the view of each case; the views do not have their conversations yet. */
async function* readViews(
  casebook: string,
  now: Date,
  onProblem: (problem: CasebookProblem) => void,
): AsyncGenerator<CaseView> {
  const { receipts, strange } = await listTipFolders(casebook)
  for (const name of strange)
    onProblem({
      receipt: null,
      code: 'STRANGE_FILE',
      detail: `tips/${printable(name, { maxCharacters: 80 })} is no tip`,
    })
  const windows = await readWindows(casebook, onProblem)
  yield* makeViews(casebook, receipts, { now, windows, ids: idsOf(receipts), onProblem })
}

/**
 * Loads some of the cases of a casebook.
 * @throws as `loadViews`.
 */
export async function loadSomeViews(
  casebook: string,
  chosen: readonly string[],
  now: Date,
): Promise<CaseView[]> {
  const { receipts } = await listTipFolders(casebook)
  const known = new Set(receipts)
  const windows = await readWindows(casebook, ignore)
  const making = { now, windows, ids: idsOf(receipts), onProblem: ignore }
  const found = chosen.filter((receipt) => known.has(receipt))
  const views = await Array.fromAsync(makeViews(casebook, found, making))
  // What a tip allows depends on the other tips of its source, which may be any in the casebook.
  if (views.every((view) => groupsOf(view).reply === null)) return views
  const near = await tipsNearby(casebook, receipts, found)
  const rest = near.filter((receipt) => !found.includes(receipt))
  const others = await Array.fromAsync(makeViews(casebook, rest, making))
  const all = withConversations([...views, ...others], await readTrips(casebook))
  return all.slice(0, views.length)
}

const ignore = (): void => {}

interface Making {
  now: Date
  windows: typeof builtInWindows
  ids: ReadonlyMap<string, string>
  onProblem: (problem: CasebookProblem) => void
}

async function* makeViews(
  casebook: string,
  receipts: readonly string[],
  { now, windows, ids, onProblem }: Making,
): AsyncGenerator<CaseView> {
  for (let start = 0; start < receipts.length; start += atOnce) {
    const some = receipts.slice(start, start + atOnce)
    const contents = await Promise.all(some.map((receipt) => readTipFolder(casebook, receipt)))
    for (const content of contents) {
      const { receipt } = content.opened
      for (const problem of content.problems) onProblem({ receipt, ...problem })
      yield makeView(content, ids.get(receipt) ?? receipt, now, windows)
    }
  }
}

/**
 * @param idPrefix at least the first 4 hex digits of the receipt
 * @throws CasebookError `NOT_A_CASEBOOK`, `CASE_UNKNOWN`, `CASE_AMBIGUOUS`; errors of the disk.
 */
export async function loadView(casebook: string, idPrefix: string, now: Date): Promise<CaseView> {
  const receipt = await resolveCase(casebook, idPrefix)
  const [view] = await loadSomeViews(casebook, [receipt], now)
  if (view === undefined)
    throw new CasebookError('CASE_UNKNOWN', 'this case was taken away meanwhile')
  return view
}

/** @throws CasebookError as `loadView`. */
export async function resolveCase(casebook: string, idPrefix: string): Promise<string> {
  return findReceipt((await listTipFolders(casebook)).receipts, idPrefix)
}

async function readWindows(
  casebook: string,
  onProblem: (problem: CasebookProblem) => void,
): Promise<typeof builtInWindows> {
  try {
    const bytes = await readCasebookFile(layoutOf(casebook).windows, maxWindowsBytes)
    return bytes === null ? builtInWindows : parseWindows(bytes)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error) || 'syscall' in error) throw error
    const detail = `windows.json ${printable(error.message, { maxCharacters: 200 })}: the built-in windows count`
    onProblem({
      receipt: null,
      code: 'WINDOWS_DAMAGED',
      detail: error instanceof CasebookError ? detail : detail.replace('windows.json ', ''),
    })
    return builtInWindows
  }
}
