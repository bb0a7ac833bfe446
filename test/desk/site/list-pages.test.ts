import { h } from 'preact'
import { describe, expect, it } from 'vitest'
import { listPages } from '../../../src/desk/site/list-pages.ts'
import { documentOfPage } from '../../../src/desk/site/page.ts'

const hostile = `</script><script>alert(1)</script><!-- "'&`

/** The documents that an analyst's browser loads for `count` rows. */
function documentsOf(count: number): string[] {
  const rows = Array.from({ length: count }, (_, index) => ({
    facts: { text: `${index} ${hostile}`, tier: 0 },
    cells: [{ class: 'tier', shown: index }, [h('a', { href: 'a.html' }, hostile), null]],
  }))
  const pages = listPages({
    path: 'site/list.html',
    title: 'All',
    intro: [],
    search: { label: 'Search', fields: [], wayWithout: 'tumen' },
    list: { kind: 'cases', caption: `${count} cases`, head: ['Tier', 'Case'], rows },
  })
  return pages.map((page) =>
    documentOfPage(page, { now: new Date('2017-11-10T10:00:00Z'), tool: 'tumen 0' }),
  )
}
const dataOf = (html = ''): unknown =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/.exec(html)?.[1] ?? '')
const rowsIn = (html = '') => html.match(/<tr role="row"><td/g)?.length ?? 0

describe('listPages', () => {
  it('is one page as long as the rows fit on it', () => {
    const [page, ...more] = documentsOf(100)
    expect([rowsIn(page), more.length, page?.includes('on one page')]).toEqual([100, 0, false])
  })

  it('has all rows as data, and a page with all of them, as soon as they do not', () => {
    const [page, whole] = documentsOf(101)
    expect([rowsIn(page), rowsIn(whole)]).toEqual([100, 101])
    expect(page).toContain(
      '<a href="../site/list-all.html">The whole list, 101 cases, on one page</a>',
    )
    expect(dataOf(page)).toHaveLength(101)
    expect(whole).not.toContain('id="data"')
  })

  it('gives the script what the page shows, and no text of it ends the data', () => {
    const [page] = documentsOf(1)
    expect(dataOf(page)).toEqual([
      [
        { text: `0 ${hostile}`, tier: 0 },
        [
          'tr',
          { role: 'row' },
          ['td', { role: 'cell', class: 'tier' }, '0'],
          ['td', { role: 'cell' }, ['a', { href: 'a.html' }, hostile]],
        ],
      ],
    ])
    expect(page?.match(/<script/g)).toHaveLength(2)
  })
})
