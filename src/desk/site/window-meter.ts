import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { CaseView } from '../files/case-view.ts'
import { countryName, daysLeft } from './case-words.ts'
import { dayInWords } from './when.ts'

const width = 140

/** How much of the time is gone that a return is known to take, drawn and said. */
export function windowMeter({ triage: { window } }: CaseView): ComponentChild {
  if (window === null) return null
  const { custody, destination, days, elapsedDays, leftDays, endsOn } = window
  const gone = Math.round(Math.min(1, Math.max(0, elapsedDays / days)) * width)
  const way = `${countryName(custody)} to ${countryName(destination)}: about ${days} days, to ${dayInWords(endsOn)}`
  return h(
    'div',
    { class: leftDays < 0 ? 'window over' : 'window' },
    h(
      'p',
      null,
      h('strong', { 'data-ends': endsOn }, daysLeft(leftDays)),
      h('span', { class: 'meta' }, ` ${way}`),
    ),
    h(
      'svg',
      { viewBox: `0 0 ${width} 6`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      h('rect', { class: 'all', width, height: 6 }),
      h('rect', { class: 'gone', width: gone, height: 6 }),
    ),
  )
}
