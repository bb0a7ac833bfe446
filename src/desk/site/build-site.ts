import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ComponentChild } from 'preact'
import { replaceFile } from '../../keyring/files.ts'
import { layoutOf } from '../casebook/layout.ts'
import { findDuplicates } from '../people/duplicates.ts'
import { findGroups } from '../people/groups.ts'
import type { CaseView } from '../view/case-view.ts'
import { board } from './board.ts'
import { countsPage, placesPage } from './counts-page.ts'
import { groupsPage } from './groups-page.ts'
import { listPage } from './list-page.ts'
import { pageOf } from './page.ts'
import { personsPage } from './persons-page.ts'
import { problemsPage, readAside } from './problems-page.ts'
import { sheet } from './sheet.ts'
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
 * Makes `index.html` and `site/` of a casebook anew: pages that ask nobody for anything, work from a file and without
 * scripts, and hold every text as text. What was there stays until all of it is made. The same views at the same moment
 * give the same bytes.
 */
export async function buildSite({ casebook, views, now, tool }: SiteOptions): Promise<{ pages: number }> {
  const { site, root } = layoutOf(casebook)
  const fresh = join(root, '.site-new')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(join(fresh, 'cases'), { recursive: true, mode: 0o700 })
  const page = (path: string, title: string, children: readonly ComponentChild[]) => pageOf({ path, title: `${title} · Casebook`, now, tool }, ...children)
  const write = (path: string, title: string, children: readonly ComponentChild[]) => writeFile(join(fresh, path.slice('site/'.length)), page(path, title, children), { mode: 0o600 })
  await writeSheets(views, write)
  await write('site/list.html', 'All cases', listPage(views, 'site/list.html'))
  await write('site/persons.html', 'Persons', personsPage(views, findDuplicates(views), 'site/persons.html'))
  await write('site/groups.html', 'Groups', groupsPage(views, findGroups(views), 'site/groups.html'))
  await write('site/timeline.html', 'Timeline', timelinePage(views, 'site/timeline.html'))
  await write('site/places.html', 'Places', placesPage(views))
  await write('site/counts.html', 'Counts', countsPage(views, now))
  await write('site/problems.html', 'Problems', problemsPage(views, await readAside(casebook), 'site/problems.html'))
  await exchange(fresh, site)
  await replaceFile(join(root, 'index.html'), page('index.html', 'Deadline board', board(views, 'index.html')))
  return { pages: views.length + 8 }
}

async function writeSheets(views: readonly CaseView[], write: (path: string, title: string, children: readonly ComponentChild[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < views.length; start += sheetsAtOnce) {
    await Promise.all(views.slice(start, start + sheetsAtOnce).map((view) => write(`site/cases/${view.id}.html`, view.id, sheet(view))))
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
