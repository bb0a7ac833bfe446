import type { ChangeDraft } from '../casebook/append-changes.ts'
import { appendToCases } from '../casebook/append-changes.ts'
import { finishStopped, logForgottenCases } from '../casebook/finish-stopped.ts'
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
  /** Builds the static site; the default is the built-in builder. */
  buildSite?: (options: {
    casebook: string
    views: readonly CaseView[]
    now: Date
    tool: string
    indexSha256: string
  }) => Promise<{ pages: number }>
}

export interface Refreshed {
  readonly views: readonly CaseView[]
  readonly problems: readonly CasebookProblem[]
  /** Number of cases recorded as more urgent than ever before. */
  readonly raised: number
  readonly pages: number
}

/** Building thousands of pages takes some seconds. */
const maxWaitMs = 120_000

/**
 * Updates everything that is derived from a casebook. It first records the tiers that cases have
 * newly reached, so that no case becomes less urgent by itself, and then rebuilds index.sqlite and
 * the site.
 * @throws CasebookError `NOT_A_CASEBOOK`, `INDEX_INVALID`; CustodyError; errors of the disk.
 */
export async function refreshCasebook(
  actor: Actor,
  options: RefreshOptions = {},
): Promise<Refreshed> {
  // This check comes first, because the lock would create a folder even where there is no casebook.
  await listTipFolders(actor.casebook)
  // A refresh has a lock of its own, in an existing folder, so that cases can be changed meanwhile.
  // The last refresh to start also reads last.
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
  await logForgottenCases(actor, views)
  const raised = await noteTiers(actor, views)
  const reloaded = new Map(
    (raised.length === 0 ? [] : await loadSomeViews(casebook, raised, now)).map((view) => [
      view.receipt,
      view,
    ]),
  )
  const current = views.map((view) => reloaded.get(view.receipt) ?? view)
  const indexSha256 = await buildIndex(casebook, current)
  const build = options.buildSite ?? (await import('../site/build-site.ts')).buildSite
  const { pages } = await build({ casebook, views: current, now, tool, indexSha256 })
  return { views: current, problems, raised: raised.length, pages }
}

/**
 * Records newly reached tiers. A damaged or full case file is skipped; its own view shows the
 * problem.
 * @returns the receipts of the cases recorded.
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
