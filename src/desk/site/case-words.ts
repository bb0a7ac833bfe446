import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { Place } from '../../tip/event.ts'
import type { CaseView } from '../files/case-view.ts'
import { countryName } from '../text/code-words.ts'
import { said } from './said.ts'
import { count } from '../../text/count.ts'

/**
 * The title of a case. The names are isolated in their own direction; the number of further people
 * is not.
 */
export function caseTitle({ title, state }: CaseView): ComponentChild {
  const [, names = title, others = ''] =
    (state.title === null ? /^(.*\S) (\+ \d+(?:-\d+)?)$/su.exec(title) : null) ?? []
  return others === ''
    ? said(names)
    : [said(names), ' ', h('span', { class: 'others' }, others.replace('-', ' to '))]
}

export function daysLeft(days: number): string {
  if (days === 0) return 'last day'
  return days < 0 ? `${count(-days, 'day')} over` : `${count(days, 'day')} left`
}

export function people({ min, max }: CaseView['peopleCount']): string {
  if (min === max) return count(min, 'person', 'people')
  return `${min} to ${max} people`
}

/** The place as the source wrote it, then its province and country. */
export function placeText(place: Place | null | undefined): string {
  const parts = [place?.text, place?.admin, place?.country ? countryName(place.country) : null]
  return [...new Set(parts.filter((part) => typeof part === 'string' && part !== ''))].join(', ')
}

export const takenAt = ({ tip }: CaseView): string => placeText(tip?.event?.where_taken)

/** Whether a child is among the people, or may be; empty if none is known. */
export function childMark({ persons }: CaseView): string {
  if (persons.some(({ minor }) => minor === 'yes')) return ' (child)'
  return persons.some(({ minor }) => minor === 'possible') ? ' (perhaps a child)' : ''
}
