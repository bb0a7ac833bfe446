import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { countCases } from '../counts/count-cases.ts'
import { countsTable } from '../counts/counts-table.ts'
import { dayOfInstant } from '../triage/days.ts'
import type { CaseView } from '../view/case-view.ts'
import { barChart, tableOf } from './tables.ts'

/** So many periods can be read at a glance. */
const maxMonths = 30

/** Persons, "at least", by the day they were detained; guides apart. */
export function countsPage(views: readonly CaseView[], now: Date): ComponentChild[] {
  const asOf = dayOfInstant(now)
  const days = views.flatMap(({ detained }) => [detained?.earliest, detained?.latest]).filter((day) => day !== null && day !== undefined).filter((day) => day > '1990').sort()
  const [from, to] = [days[0] ?? asOf, days.findLast((day) => day <= asOf) ?? asOf]
  const months = (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))
  const counts = countCases(views, { from, to: to < from ? from : to, by: months > maxMonths ? 'year' : 'month', asOf })
  return [
    h('h1', null, 'Counts'),
    h('p', { class: 'lead' }, `At least ${counts.total.persons} persons, ${counts.total.confirmed} of them confirmed, as of ${asOf}.`),
    h('p', { class: 'meta' }, 'Persons, not tips: one who stands in several tips counts once, if an analyst has said so. Uncertain: told so vaguely that it may be this period or another. Other periods: tumen report counts --from DAY --to DAY.'),
    barChart('Persons detained', counts.rows.map(({ label, persons, uncertain }) => ({ label, value: persons, unsure: uncertain }))),
    ...countsTable(counts).map(tableOf),
  ]
}

/** By place, by authority and by day. */
export function placesPage(views: readonly CaseView[]): ComponentChild[] {
  const tally = (keysOf: (view: CaseView) => readonly string[]) => {
    const groups = new Map<string, CaseView[]>()
    for (const view of views) for (const key of keysOf(view)) groups.set(key, [...(groups.get(key) ?? []), view])
    return [...groups].sort((one, other) => other[1].length - one[1].length || (one[0] < other[0] ? -1 : 1))
      .map(([key, some]) => [key, String(some.length), some.map(({ id }) => id).slice(0, 12).join(', ') + (some.length > 12 ? ' …' : '')])
  }
  const place = ({ tip }: CaseView) => [[tip?.event?.where_taken?.admin ?? tip?.event?.where_taken?.text, tip?.event?.where_taken?.country].filter(Boolean).join(', ') || 'not told']
  const head = (what: string) => [what, 'Cases', 'Which']
  return [
    h('h1', null, 'Places, authorities, dates'),
    tableOf({ caption: 'Where they were taken', head: head('Place'), rows: tally(place) }),
    tableOf({ caption: 'Where they are held', head: head('Place'), rows: tally(({ tip }) => [tip?.event?.held_where?.text ?? 'not told']) }),
    tableOf({ caption: 'Who took them', head: head('Authority'), rows: tally(({ tip }) => (tip?.event?.authority?.length ? tip.event.authority.map((code) => code.replaceAll('_', ' ')) : ['not told'])) }),
    tableOf({ caption: 'When', head: head('Month'), rows: tally(({ detained }) => [detained?.earliest?.slice(0, 7) ?? 'not told']).sort((one, other) => ((one[0] ?? '') < (other[0] ?? '') ? 1 : -1)) }),
  ]
}
