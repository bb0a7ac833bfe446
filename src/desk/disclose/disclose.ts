import type { ConsentRecipient } from '../../tip/consent.ts'
import type { Attachment } from '../../tip/attachment.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { CaseView } from '../files/case-view.ts'
import { discloseEvent, discloseSteps } from './disclose-event.ts'
import { disclosePerson } from './disclose-person.ts'
import type { Disclosed, Withheld } from './disclosed.ts'
import { refOf } from './refs.ts'
import { findsSource } from './source-inside.ts'

/**
 * What a recipient may be told of a case today, made field by field: what nobody thought of stays
 * inside. The source, how to reach them, the words of their consent, notes and the contact log are
 * in no field of the result.
 *
 * - `facts_only`: codes, countries and months; nobody's name, no text that somebody wrote.
 * - `named`: names, dates, places and what was said of them. Papers and illnesses for the UN,
 *   UNHCR, the ICRC and embassies alone. The narrative only in the analyst's own words
 *   (`tumen case ID set narrative …`): the source's names others and gives themselves away.
 * - `named_photo`: files too, if nothing hidden is left in them.
 */
export function disclose(view: CaseView, recipient: ConsentRecipient): Disclosed | Withheld {
  const level =
    view.consent.find((consent) => consent.recipient === recipient)?.level ?? 'ask_first'
  const { tip } = view
  if (tip === null) return withhold(view, recipient, 'NO_TIP')
  if (level === 'no') return withhold(view, recipient, 'NO_CONSENT')
  if (level === 'ask_first') return withhold(view, recipient, 'ASK_FIRST')
  const disclosed = discloseAt(view, tip, recipient, level)
  return findsSource(view, disclosed) ? withhold(view, recipient, 'SOURCE_INSIDE') : disclosed
}

function discloseAt(
  view: CaseView,
  tip: DetentionTip,
  recipient: ConsentRecipient,
  level: Disclosed['level'],
): Disclosed {
  const isNamed = level !== 'facts_only'
  return {
    ref: refOf(view),
    recipient,
    level,
    tier: view.triage.tier,
    reliability: view.state.reliability,
    topic: tip.topic ?? null,
    lang: tip.lang ?? null,
    narrative: isNamed && view.state.corrections.has('narrative') ? tip.narrative : null,
    persons: view.persons.map((person) => disclosePerson(view, person, level, recipient)),
    peopleCount: view.peopleCount,
    event: discloseEvent(tip.event, level),
    steps: discloseSteps(tip.steps, level),
    attachments:
      level === 'named_photo'
        ? (tip.attachments ?? []).filter(isClean).map(discloseAttachment)
        : [],
  }
}

export function isWithheld(result: Disclosed | Withheld): result is Withheld {
  return 'code' in result
}

/** Hidden place and time in a file lead to whoever made it. */
function isClean({ metadata }: Attachment): boolean {
  return metadata === 'removed' || metadata === 'none_found'
}

function discloseAttachment({ name, media_type, bytes, sha256, metadata }: Attachment): Attachment {
  return { name, media_type: media_type ?? null, bytes, sha256, metadata: metadata ?? null }
}

type Refusal = Extract<Withheld['code'], 'NO_TIP' | 'NO_CONSENT' | 'ASK_FIRST' | 'SOURCE_INSIDE'>

function withhold({ receipt, id }: CaseView, recipient: ConsentRecipient, code: Refusal): Withheld {
  return { receipt, id, recipient, code, detail: wayOut(id, recipient, code) }
}

function wayOut(id: string, recipient: ConsentRecipient, code: Refusal): string {
  switch (code) {
    case 'NO_TIP':
      return 'there is no tip.json that can be read'
    case 'NO_CONSENT':
      return `the source said no for ${recipient}; only they can change that`
    case 'ASK_FIRST':
      return `ask the source first, then: tumen case consent ${id} ${recipient} named --given-by WHO`
    case 'SOURCE_INSIDE':
      return `a text says how to reach the source: take the number or address out of what was typed, see "tumen case show ${id}"`
  }
}
