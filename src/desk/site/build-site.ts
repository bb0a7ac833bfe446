import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../../disk/small-files.ts'
import { layoutOf } from '../files/layout.ts'
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
}

/** Enough to keep the disk busy. */
const sheetsAtOnce = 64

/**
 * Makes `index.html` and `site/` of a casebook anew: pages that ask nobody for anything, work from
 * a file and without scripts, and hold every text as text. What was there stays until all of it is
 * made. The same views at the same moment give the same bytes.
 */
export async function buildSite({
  casebook,
  views,
  now,
  tool,
}: SiteOptions): Promise<{ pages: number }> {
  const { site, root } = layoutOf(casebook)
  const fresh = join(root, '.site-new')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(join(fresh, 'cases'), { recursive: true, mode: 0o700 })
  const candidates = findDuplicates(views)
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
  const write = (page: SitePage) =>
    writeFile(join(fresh, page.path.slice('site/'.length)), documentOfPage(page, { now, tool }), {
      mode: 0o600,
    })
  await writeSheets(views, relationsOf(views, candidates), write)
  for (const page of pages) await write(page)
  await exchange(fresh, site)
  await replaceFile(
    join(root, 'index.html'),
    documentOfPage(
      { path: 'index.html', title: 'Deadline board', children: board(views, 'index.html') },
      { now, tool },
    ),
  )
  return { pages: views.length + pages.length + 1 }
}

async function writeSheets(
  views: readonly CaseView[],
  relations: Relations,
  write: (page: SitePage) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < views.length; start += sheetsAtOnce) {
    // No name in the title: it stands in the window list and in the history.
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
