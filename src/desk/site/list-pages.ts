import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { ListTable } from './list-table.ts'
import { listData, listTable } from './list-table.ts'
import type { SitePage } from './page.ts'
import { rootOf } from './page.ts'
import type { Search } from './search-box.ts'
import { searchBox } from './search-box.ts'

/** One or two screens of rows; a browser needs seconds to draw thousands. */
const rowsAtOnce = 100

/**
 * A searchable list of any length. The page contains the first rows as HTML, and all rows as data
 * from which the script draws search results and further rows. For browsers without scripts, and
 * for printing, another page has the whole list.
 */
export function listPages({
  path,
  title,
  intro,
  search,
  list,
}: {
  path: string
  title: string
  intro: readonly ComponentChild[]
  search: Search
  list: ListTable
}): SitePage[] {
  const heading = h('h1', null, title)
  const wholePath = list.rows.length > rowsAtOnce ? path.replace('.html', '-all.html') : null
  const whole =
    wholePath === null
      ? null
      : h('a', { href: rootOf(path) + wholePath }, `The whole list, ${list.caption}, on one page`)
  const pages: SitePage[] = [
    {
      path,
      title,
      hasSearch: true,
      children: [
        heading,
        searchBox(search),
        intro,
        whole === null ? null : h('p', null, whole),
        listTable({ ...list, rows: list.rows.slice(0, rowsAtOnce) }),
        h(
          'p',
          { id: 'more', hidden: true },
          h('button', { type: 'button' }, `Show ${rowsAtOnce} more`),
        ),
        listData(list),
      ],
    },
  ]
  return wholePath === null
    ? pages
    : [
        ...pages,
        { path: wholePath, title: `${title}, whole`, children: [heading, listTable(list)] },
      ]
}
