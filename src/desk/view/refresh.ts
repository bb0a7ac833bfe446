import type { ChangeDraft } from '../casebook/append-changes.ts'
import { appendToCases } from '../casebook/append-changes.ts'
import { finishStopped } from '../casebook/finish-stopped.ts'
import { layoutOf } from '../files/layout.ts'
import { withCasebookLock } from '../custody/lock.ts'
import type { Actor } from '../custody/record.ts'
import { buildIndex } from './build-index.ts'
import type { CaseView } from '../files/case-view.ts'
import { tierDrafts } from './change-case.ts'
import { listTipFolders } from './find-case.ts'
import type { CasebookProblem } from './load-views.ts'
import { loadSomeViews, loadViews } from './load-views.ts'

export interface RefreshOptions {
  /** Makes the static site; none: the built-in one. */
  buildSite?: (options: {
    casebook: string
    views: readonly CaseView[]
    now: Date
    tool: string
  }) => Promise<{ pages: number }>
}

export interface Refreshed {
  readonly views: readonly CaseView[]
  readonly problems: readonly CasebookProblem[]
  /** Cases that were noted to be more urgent than ever before. */
  readonly raised: number
  readonly pages: number
}

/** Thousands of pages take some seconds. */
const maxWaitMs = 120_000

/**
 * Brings what is made from a casebook up to date: notes the tiers that cases have newly reached, so
 * that none sinks by itself, then makes index.sqlite and the site anew.
 * @throws CasebookError `NOT_A_CASEBOOK`, `INDEX_INVALID`; CustodyError; what the disk throws.
 */
export async function refreshCasebook(
  actor: Actor,
  options: RefreshOptions = {},
): Promise<Refreshed> {
  // Before a lock makes a folder where there is no casebook.
  await listTipFolders(actor.casebook)
  // A lock of its own, in a folder that is there anyway: changes to cases go on meanwhile, and
  // whoever refreshes last has read last.
  return await withCasebookLock(
    layoutOf(actor.casebook).aside,
    async () => await refresh(actor, options),
    maxWaitMs,
  )
}

async function refresh(actor: Actor, options: RefreshOptions): Promise<Refreshed> {
  const { casebook, tool } = actor
  await finishStopped(casebook)
  const now = actor.now()
  const { views, problems } = await loadViews(casebook, now)
  const raised = await noteTiers(actor, views)
  const reloaded = new Map(
    (raised.length === 0 ? [] : await loadSomeViews(casebook, raised, now)).map((view) => [
      view.receipt,
      view,
    ]),
  )
  const current = views.map((view) => reloaded.get(view.receipt) ?? view)
  await buildIndex(casebook, current)
  const build = options.buildSite ?? (await import('../site/build-site.ts')).buildSite
  const { pages } = await build({ casebook, views: current, now, tool })
  return { views: current, problems, raised: raised.length, pages }
}

/**
 * @returns the receipts of those noted. A damaged or full case file is a problem of that case, and
 * shown there.
 */
async function noteTiers(actor: Actor, views: readonly CaseView[]): Promise<string[]> {
  const changes = new Map<string, readonly ChangeDraft[]>()
  for (const view of views) {
    const drafts = tierDrafts(view)
    if (drafts.length > 0) changes.set(view.receipt, drafts)
  }
  if (changes.size === 0) return []
  const refused = new Set(await appendToCases(actor, changes))
  return [...changes.keys()].filter((receipt) => !refused.has(receipt))
}
