import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../../disk/small-files.ts'
import { layoutOf } from '../files/layout.ts'
import { formatPageSums, pageSumsName } from '../files/page-sums.ts'
import { withAlikeCases } from '../people/alike-cases.ts'
import { findDuplicates } from '../people/duplicates.ts'
import { findGroups } from '../people/groups.ts'
import type { CaseView } from '../files/case-view.ts'
import { board } from './board.ts'
import { countsPage } from './counts-page.ts'
import { groupedPages } from './grouped-pages.ts'
import { groupsPage } from './groups-page.ts'
import { listPage } from './list-page.ts'
import type { SitePage } from './page.ts'
import { documentOfPage } from './page.ts'
import { alikePage, alikePath, personsPage } from './persons-page.ts'
import { problemsPage, readAside } from './problems-page.ts'
import type { Relations } from './relations.ts'
import { relationsOf } from './relations.ts'
import { sheet } from './sheet.ts'
import { tierPages } from './tier-pages.ts'
import { timelinePage } from './timeline-page.ts'

export interface SiteOptions {
  casebook: string
  views: readonly CaseView[]
  now: Date
  tool: string
  /** SHA-256 of the index.sqlite that was built from the same views. */
  indexSha256: string
}

/** Sheets written in parallel: enough to keep the disk busy. */
const sheetsAtOnce = 64

/**
 * Builds `index.html` and `site/` of a casebook. The pages load nothing, work from a file and
 * without scripts, and treat every value as plain text. The old pages stay until all new ones are
 * written. The same views at the same moment give the same bytes. `site/SHA256SUMS` has the digests
 * of the pages and of the index.
 */
export async function buildSite({
  casebook,
  views: loaded,
  now,
  tool,
  indexSha256,
}: SiteOptions): Promise<{ pages: number }> {
  const { site, root } = layoutOf(casebook)
  const fresh = join(root, '.site-new')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(join(fresh, 'cases'), { recursive: true, mode: 0o700 })
  const candidates = findDuplicates(loaded)
  const views = withAlikeCases(loaded, candidates)
  const pages = [
    ...tierPages(views),
    ...listPage(views),
    ...groupedPages(views),
    ...personsPage(views, candidates),
    {
      path: alikePath,
      title: 'Perhaps the same',
      children: alikePage(views, candidates, alikePath),
    },
    {
      path: 'site/groups.html',
      title: 'Groups',
      children: groupsPage(views, findGroups(views), 'site/groups.html'),
    },
    {
      path: 'site/timeline.html',
      title: 'Timeline',
      children: timelinePage(views, 'site/timeline.html'),
    },
    { path: 'site/counts.html', title: 'Counts', children: countsPage(views, now) },
    {
      path: 'site/problems.html',
      title: 'Problems',
      children: problemsPage(views, await readAside(casebook), 'site/problems.html'),
    },
  ]
  const digests = new Map([['index.sqlite', indexSha256]])
  const documentOf = (page: SitePage) => {
    const document = documentOfPage(page, { now, tool })
    digests.set(page.path, createHash('sha256').update(document).digest('hex'))
    return document
  }
  const write = (page: SitePage) =>
    writeFile(join(fresh, page.path.slice('site/'.length)), documentOf(page), { mode: 0o600 })
  await writeSheets(views, relationsOf(views, candidates), write)
  for (const page of pages) await write(page)
  const first = documentOf({
    path: 'index.html',
    title: 'Deadline board',
    children: board(views, 'index.html'),
  })
  await writeFile(join(fresh, pageSumsName), formatPageSums(digests), { mode: 0o600 })
  await exchange(fresh, site)
  await replaceFile(join(root, 'index.html'), first)
  return { pages: views.length + pages.length + 1 }
}

async function writeSheets(
  views: readonly CaseView[],
  relations: Relations,
  write: (page: SitePage) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < views.length; start += sheetsAtOnce) {
    // Titles contain no name, because window lists and the browser history show them.
    await Promise.all(
      views.slice(start, start + sheetsAtOnce).map((view) =>
        write({
          path: `site/cases/${view.id}.html`,
          title: `Case ${view.id}`,
          children: sheet(view, relations),
        }),
      ),
    )
  }
}

async function exchange(fresh: string, site: string): Promise<void> {
  const old = `${site}-old`
  await rm(old, { recursive: true, force: true })
  await rename(site, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(fresh, site)
  await rm(old, { recursive: true, force: true })
}
