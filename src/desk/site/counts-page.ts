import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { Day } from '../../time/day.ts'
import type { Counts } from '../counts/count-cases.ts'
import { countCases } from '../counts/count-cases.ts'
import { countsTable } from '../counts/counts-table.ts'
import { addDays, dayOfInstant } from '../../time/day.ts'
import type { CaseView } from '../files/case-view.ts'
import { compareText } from '../view/urgency.ts'
import { count } from '../../text/count.ts'
import { words } from './said.ts'
import { barChart, tableOf } from './tables.ts'
import { dayInWords } from './when.ts'

/** The number of periods that can be read at a glance. */
const maxMonths = 30
const monthsPerYear = 12

/** Persons by the day of their detention; guides are counted separately. */
export function countsPage(views: readonly CaseView[], now: Date): ComponentChild[] {
  const asOf = dayOfInstant(now)
  const { from, to } = spanOf(views, asOf)
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * monthsPerYear +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7))
  const counts = countCases(views, { from, to, by: months > maxMonths ? 'year' : 'month', asOf })
  const [main, ...others] = countsTable(counts)
  return [
    h('h1', null, 'Counts'),
    h('p', { class: 'lead' }, sentence(counts)),
    h(
      'p',
      { class: 'meta' },
      'Persons, not tips. "At least" counts each open pair, on the page Persons under "Perhaps the same", as one person. Uncertain: the date is so vague that it may be this period or another. Other periods: ',
      h('code', null, 'tumen report counts --from DAY --to DAY'),
      '.',
    ),
    chart(
      'Persons detained',
      counts.floor.rows.map(({ label, persons, uncertain }) => ({
        label,
        value: persons,
        unsure: uncertain,
      })),
    ),
    main === undefined ? null : tableOf(main),
    tableOf(rates(views, asOf)),
    chart(
      'What is known of them',
      Object.entries(counts.floor.total.byStatus).map(([status, value]) => ({
        label: words(status),
        value,
        unsure: 0,
      })),
    ),
    ...others.map(tableOf),
  ]
}

/** The count as a sentence that may be published. */
function sentence({ floor, total, openPairs, from, to }: Counts): string {
  const { persons, confirmed, minors, elderly, guides } = floor.total
  const apart = guides === 0 ? '' : `; ${count(guides, 'guide')} apart`
  const open =
    openPairs === 0
      ? ''
      : ` If no two are the same: ${total.persons.toLocaleString('en')} (${count(openPairs, 'open pair')}).`
  return `At least ${count(persons, 'person', 'people')} detained from ${dayInWords(from)} to ${dayInWords(to)}, ${floor.ratePerMonth} a month: ${count(minors, 'child', 'children')} and ${count(elderly, 'elderly person', 'elderly people')} among them, ${confirmed.toLocaleString('en')} confirmed by an analyst${apart}.${open}`
}

function spanOf(views: readonly CaseView[], asOf: Day): { from: Day; to: Day } {
  const days = views
    .flatMap(({ detained }) => [detained?.earliest, detained?.latest])
    .filter((day) => day !== null && day !== undefined)
    .filter((day) => day > '1990')
    .sort(compareText)
  const [from, to] = [days[0] ?? asOf, days.findLast((day) => day <= asOf) ?? asOf]
  return from <= to ? { from, to } : { from: asOf, to: asOf }
}

/** Compares the rate of the last three months with that of the year before them. */
function rates(views: readonly CaseView[], asOf: Day): Parameters<typeof tableOf>[0] {
  const start = addDays(asOf, -91)
  const periods = [
    ['The last three months', start, asOf],
    ['The year before that', addDays(start, -365), addDays(start, -1)],
  ] as const
  const rows = periods.map(([label, from, to]) => {
    const { total, ratePerMonth } = countCases(views, { from, to, by: 'period', asOf }).floor
    return [
      `${label}: ${dayInWords(from)} to ${dayInWords(to)}`,
      String(total.persons),
      String(total.uncertain),
      ratePerMonth.toFixed(1),
    ]
  })
  return {
    caption: 'Whether it became more',
    head: ['Detained', 'At least', 'Uncertain', 'A month'],
    rows,
  }
}

function chart(title: string, bars: Parameters<typeof barChart>[1]): ComponentChild {
  return bars.length === 0
    ? null
    : h(
        'figure',
        null,
        h('figcaption', null, title),
        h(
          'div',
          { class: 'scroll', role: 'region', 'aria-label': `Chart: ${title}`, tabIndex: 0 },
          barChart(title, bars),
        ),
      )
}
