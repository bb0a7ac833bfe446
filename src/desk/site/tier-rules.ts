import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { builtInWindows } from '../triage/windows.ts'
import { countryName } from '../text/code-words.ts'
import { count } from '../../text/count.ts'

const meanings = [
  'people at risk of a return are being moved, a return is reported or expected within three days, or the end of the window is near or has just passed',
  'any risk of a return; custody, a nationality or the date is not known',
  'held or missing for 90 days at most, no sign of a return',
  'returned, released, or older',
]

/** The rules of the board, so that readers can check them. */
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
      'One tier more urgent: children, elderly, pregnant or ill people, people who were sent back before or had contact with South Korea; and a case that nobody has read in time. Missing facts never make a case less urgent. Words such as 북송, 遣返 or "sent back" are hints: they can raise a case and never lower it. Only an analyst lowers a tier.',
    ),
    h(
      'p',
      null,
      'The day to act by is the earliest of the return that the source expects, the end of the return window, and your own deadline.',
    ),
    h(
      'p',
      { class: 'meta' },
      builtInWindows
        .map(
          ({ custody, destination, days, source }) =>
            `${countryName(custody)} to ${countryName(destination)}, ${count(days, 'day')}: ${source}.`,
        )
        .join(' '),
      ' A window is an estimate, not a promise. windows.json in the casebook changes it.',
    ),
  )
}
