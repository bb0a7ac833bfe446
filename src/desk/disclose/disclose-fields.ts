import type { ConsentRecipient } from '../../tip/consent.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { CaseView } from '../files/case-view.ts'
import { discloseEvent, discloseSteps } from './disclose-event.ts'
import { disclosePerson, mayHavePapers } from './disclose-person.ts'
import type { Disclosed, DisclosedLegal } from './disclosed.ts'
import { refOf } from './refs.ts'

/**
 * Picks the fields of a case that consent allows a recipient, one by one, so that a field on which
 * nobody decided is withheld. The result has no field for the source, how to reach them, the words
 * of their consent, notes or the contact log. Which texts in these fields may leave is decided
 * afterwards, by provenance (`review`).
 *
 * - `facts_only`: codes, countries and months; no name, and no text that anybody wrote.
 * - `named`: names, dates, places and what is known of them. Papers and illnesses only for the UN,
 *   UNHCR, the ICRC and embassies.
 * - `named_photo`: also files (`discloseFiles`).
 *
 * @param tip with the analyst's corrections.
 * @param answers to questions of UN forms, by field.
 */
export function discloseFields(
  view: CaseView,
  tip: DetentionTip,
  recipient: ConsentRecipient,
  level: Disclosed['level'],
  answers: CaseView['state']['formAnswers'],
): Omit<Disclosed, 'attachments'> {
  const persons = view.persons.map((shown) => ({
    ...shown,
    person: tip.persons?.[shown.index] ?? {},
  }))
  return {
    ref: refOf(view),
    recipient,
    level,
    reliability: view.state.reliability,
    topic: tip.topic ?? null,
    lang: tip.lang ?? null,
    narrative: level === 'facts_only' ? null : tip.narrative,
    persons: persons.map((person) => disclosePerson(view, person, level, recipient, answers)),
    peopleCount: view.peopleCount,
    event: discloseEvent(tip.event, level),
    legal: level !== 'facts_only' && mayHavePapers(recipient) ? legalOf(answers) : null,
    steps: discloseSteps(tip.steps, level),
  }
}

function legalOf(answers: CaseView['state']['formAnswers']): DisclosedLegal {
  return {
    law: answers.get('law') ?? null,
    whyArbitrary: answers.get('why_arbitrary') ?? null,
    orderedBy: answers.get('ordered_by') ?? null,
    warrantIssuer: answers.get('warrant_issuer') ?? null,
    duration: answers.get('duration') ?? null,
    heldBy: answers.get('held_by') ?? null,
    detentionReasons: answers.get('detention_reasons') ?? null,
    detentionLaw: answers.get('detention_law') ?? null,
    remedies: answers.get('remedies') ?? null,
  }
}
