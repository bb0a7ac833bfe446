import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { daysBetween } from '../triage/days.ts'
import type { CaseView } from '../view/case-view.ts'
import { sheetHref } from './page.ts'
import { said } from './said.ts'

/** What fits on a page somebody scrolls through; the table has all. */
const maxBars = 300
const width = 720
const rowHeight = 14

/** Detentions from the earliest on: exact days as marks, ranges as bars, vague ones dashed, open ends to the edge. */
export function timelinePage(views: readonly CaseView[], path: string): ComponentChild[] {
  const dated = views.filter(({ detained }) => detained !== null && (detained.earliest ?? detained.latest) !== null)
    .toSorted((one, other) => (one.detained?.earliest ?? '').localeCompare(other.detained?.earliest ?? '') || one.receipt.localeCompare(other.receipt))
  const shown = dated.slice(-maxBars)
  return [
    h('h1', null, 'Timeline'),
    h('p', { class: 'meta' }, `${dated.length} of ${views.length} cases have a date.${dated.length > maxBars ? ` The latest ${maxBars} are drawn.` : ''} Dashed: about, or not sure. To the edge: nobody told the end.`),
    shown.length === 0 ? null : h('div', { class: 'scroll' }, chart(shown)),
    h('div', { class: 'scroll' }, h('table', null, h('caption', null, 'The same as a table'),
      h('thead', null, h('tr', null, ['Told as', 'From', 'To', 'Case'].map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', { class: 'rows' }, dated.map((view) => h('tr', null,
        h('td', null, view.tip?.event?.detained_when ?? ''), h('td', null, view.detained?.earliest ?? 'open'), h('td', null, view.detained?.latest ?? 'open'),
        h('td', null, h('a', { href: sheetHref(path, view.id) }, said(view.title)))))))),
  ]
}

function chart(views: readonly CaseView[]): ComponentChild {
  const days = views.flatMap(({ detained }) => [detained?.earliest, detained?.latest]).filter((day) => day !== null && day !== undefined).sort()
  const [first, last] = [days[0] ?? '2000-01-01', days.at(-1) ?? '2000-01-01']
  const span = Math.max(1, daysBetween(first, last))
  const x = (day: string) => Math.round((daysBetween(first, day) / span) * (width - 20)) + 10
  const height = views.length * rowHeight + 24
  return h('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': `Detentions from ${first} to ${last}; the table below says the same` },
    h('line', { class: 'axis', x1: 10, y1: 18, x2: width - 10, y2: 18 }),
    h('text', { x: 10, y: 12 }, first), h('text', { x: width - 10, y: 12, 'text-anchor': 'end' }, last),
    views.map(({ detained, title }, index) => {
      const [start, end] = [detained?.earliest ? x(detained.earliest) : 0, detained?.latest ? x(detained.latest) : width]
      const isVague = detained?.approximate === true || detained?.uncertain === true
      return h('rect', { class: isVague ? 'unsure' : 'bar', x: start, y: index * rowHeight + 24, width: Math.max(4, end - start), height: rowHeight - 5 }, h('title', null, title))
    }))
}
