import { consentLevels, consentRecipients } from '../../tip/codes.ts'
import type { Consent, ConsentLevel } from '../../tip/consent.ts'
import { consentFor } from '../../tip/consent.ts'
import { parseEdtf } from '../../tip/edtf.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { effectiveTipOrProblems } from '../casebook/corrections.ts'
import { stateOf } from '../casebook/state.ts'
import { peopleCountOf } from '../people/people-count.ts'
import { personsOf } from './persons-of.ts'
import { dayOfInstant } from '../../time/day.ts'
import { isFuture } from '../triage/facts.ts'
import { triage } from '../triage/triage.ts'
import type { CaseState, CaseView } from '../files/case-view.ts'
import type { TipFolderContent } from './read-tip-folder.ts'
import { titleOf } from './title.ts'

type Windows = Parameters<typeof triage>[0]['windows']

/**
 * Derives the view of a case at the time `now` from the content of its tip folder. Never throws.
 */
export function makeView(
  content: TipFolderContent,
  id: string,
  now: Date,
  windows: Windows,
): CaseView {
  const { original, changes } = content
  const { receipt } = content.opened
  const state = stateOf(changes)
  const { tip, refused } = effectiveTipOrProblems(original, state.corrections)
  const persons = personsOf(tip, receipt, state, content.opened.opened_at.slice(0, 10))
  const peopleCount = peopleCountOf(tip)
  const when = tip?.event?.detained_when
  const problems = [
    ...content.problems,
    ...refused.map((detail) => ({ code: 'CORRECTION_REFUSED', detail })),
    ...futureDates(tip, now),
  ]
  const opened =
    problems.length === 0
      ? content.opened
      : { ...content.opened, problems: [...content.opened.problems, ...problems] }
  return {
    receipt,
    id,
    opened,
    original,
    tip,
    unknownFields: content.unknownFields,
    state,
    changes,
    persons,
    peopleCount,
    title: titleOf(tip, state, persons, peopleCount),
    triage: triage({ tip, openedAt: opened.opened_at, state, persons, now, windows }),
    detained: typeof when === 'string' ? parseEdtf(when) : null,
    consent: consentOf(tip, state, content.isCaseDamaged),
    // Filled in by `withConversations`, which needs the tips of all cases.
    conversation: null,
    alike: [],
  }
}

/** Problems for dates in the future; triage treats such dates as unknown. */
function futureDates(tip: DetentionTip | null, now: Date): { code: string; detail: string }[] {
  const { detained_when, last_contact } = tip?.event ?? {}
  const today = dayOfInstant(now)
  return Object.entries({ detained_when, last_contact }).flatMap(([field, text]) =>
    typeof text === 'string' && isFuture(parseEdtf(text), today)
      ? [
          {
            code: 'DATE_IN_FUTURE',
            detail: `event.${field} is ${text}, a day in the future; it counts as unknown until you correct it`,
          },
        ]
      : [],
  )
}

/**
 * Recorded consent overrides the tip's. If the case file is damaged, it may have held a refusal, so
 * no recipient has more than `ask_first`.
 */
function consentOf(tip: DetentionTip | null, state: CaseState, isCaseDamaged: boolean): Consent[] {
  return consentRecipients.map((recipient) => {
    const recorded = state.consent.find((change) => change.recipient === recipient)?.level
    const level = recorded ?? (tip === null ? 'ask_first' : consentFor(tip, recipient))
    return { recipient, level: isCaseDamaged ? narrower(level, 'ask_first') : level }
  })
}

function narrower(one: ConsentLevel, other: ConsentLevel): ConsentLevel {
  return consentLevels.indexOf(one) < consentLevels.indexOf(other) ? one : other
}
