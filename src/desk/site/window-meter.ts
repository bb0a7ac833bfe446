import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { ActBy, CaseView } from '../files/case-view.ts'
import { actByReason } from '../triage/act-by.ts'
import { countryName } from '../text/code-words.ts'
import { daysLeft } from './case-words.ts'
import { dayInWords } from './when.ts'
import { count } from '../../text/count.ts'

const width = 140

/**
 * The day to act by and its reason, and a bar that shows how much of the return window has passed.
 */
export function windowMeter({ triage: { window, actBy } }: CaseView): ComponentChild {
  if (actBy === null && window === null) return null
  const isOver = (actBy ?? window)?.leftDays ?? 0
  return h(
    'div',
    { class: isOver < 0 ? 'window over' : 'window' },
    actBy === null ? null : h('p', null, ...actByWords(actBy)),
    window === null
      ? null
      : [h('p', { class: 'meta' }, windowWords(window)), bar(window.elapsedDays / window.days)],
  )
}

function actByWords(actBy: ActBy): ComponentChild[] {
  return [
    h('strong', { 'data-ends': actBy.day }, daysLeft(actBy.leftDays)),
    h('span', { class: 'meta' }, ` to act by ${dayInWords(actBy.day)}: ${actByReason(actBy)}`),
  ]
}

function windowWords(window: NonNullable<CaseView['triage']['window']>): string {
  const { custody, destination, days, endsOn } = window
  return `${countryName(custody)} to ${countryName(destination)}: about ${count(days, 'day')}, to ${dayInWords(endsOn)}`
}

function bar(share: number): ComponentChild {
  const gone = Math.round(Math.min(1, Math.max(0, share)) * width)
  return h(
    'svg',
    { viewBox: `0 0 ${width} 6`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    h('rect', { class: 'all', width, height: 6 }),
    h('rect', { class: 'gone', width: gone, height: 6 }),
  )
}
