import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { builtInWindows } from '../triage/windows.ts'
import { countryName } from './case-words.ts'

const meanings = [
  'being moved to the border, a return reported or expected within three days, or the window about to end or just over',
  'any risk of a return, or nobody knows when it happened',
  'held or missing for 90 days at most, no sign of a return',
  'returned, released, or older',
]

/** What the board goes by, for whoever doubts it. */
export function rules(): ComponentChild {
  return h(
    'details',
    { class: 'rules' },
    h('summary', null, 'What the tiers mean'),
    h(
      'dl',
      null,
      meanings.map((meaning, tier) =>
        h('div', null, h('dt', null, `Tier ${tier}`), h('dd', null, meaning)),
      ),
    ),
    h(
      'p',
      null,
      'One tier more urgent: children, the elderly, pregnant or ill people, whoever was sent back before or had contact with South Korea; and what nobody has read in time. Missing facts never make a case less urgent. A case never sinks by itself: only an analyst lowers it.',
    ),
    h(
      'p',
      { class: 'meta' },
      builtInWindows
        .map(
          ({ custody, destination, days, source }) =>
            `${countryName(custody)} to ${countryName(destination)}, ${days} days: ${source}.`,
        )
        .join(' '),
      ' A window is a guess, no promise. windows.json in the casebook changes it.',
    ),
  )
}
