import { parseEdtf } from '../../tip/edtf.ts'
import type { DetentionEvent, Place } from '../../tip/event.ts'
import type { Steps } from '../../tip/steps.ts'
import type { Disclosed } from './disclosed.ts'

type Maybe<Value> = Value | null | undefined

export function discloseEvent(
  event: Maybe<DetentionEvent>,
  level: Disclosed['level'],
): DetentionEvent | null {
  if (!event) return null
  const facts: DetentionEvent = {
    detained_when: monthOf(event.detained_when),
    where_taken: countryOf(event.where_taken),
    held_where: countryOf(event.held_where),
    how_taken: event.how_taken ?? null,
    authority: event.authority ?? null,
    warrant: event.warrant ?? null,
    acknowledged: event.acknowledged ?? null,
    return_risk: event.return_risk
      ? {
          to_country: event.return_risk.to_country ?? null,
          expected: monthOf(event.return_risk.expected),
        }
      : null,
  }
  return level === 'facts_only' ? facts : { ...facts, ...discloseDetails(event) }
}

/**
 * The fields of an event for `named`. Leaves out the last contact, the basis of a feared return,
 * and the numbers of companions and guides, because these lead to people who are free.
 */
function discloseDetails(event: DetentionEvent): DetentionEvent {
  return {
    when_text: event.when_text ?? null,
    detained_when: event.detained_when ?? null,
    where_taken: placeOf(event.where_taken),
    held_where: placeOf(event.held_where),
    transfers: (event.transfers ?? []).map(({ when, from, to }) => ({
      when: when ?? null,
      from: placeOf(from),
      to: placeOf(to),
    })),
    authority_text: event.authority_text ?? null,
    reasons_given: event.reasons_given ?? null,
    return_risk: event.return_risk
      ? {
          to_country: event.return_risk.to_country ?? null,
          expected: event.return_risk.expected ?? null,
        }
      : null,
  }
}

/** The steps that were taken, without their results, which say who took them. */
export function discloseSteps(steps: Maybe<Steps>, level: Disclosed['level']): Steps | null {
  if (!steps) return null
  const when = (day: Maybe<string>) => (level === 'facts_only' ? null : (day ?? null))
  return {
    actions: (steps.actions ?? []).map((taken) => ({
      action: taken.action,
      when: when(taken.when),
    })),
    already_public: steps.already_public ?? null,
  }
}

function placeOf(place: Maybe<Place>): Place | null {
  if (!place) return null
  const { text, country, admin, lat, lon, precision_km } = place
  return {
    text: text ?? null,
    country: country ?? null,
    admin: admin ?? null,
    lat: lat ?? null,
    lon: lon ?? null,
    precision_km: precision_km ?? null,
  }
}

function countryOf(place: Maybe<Place>): Place | null {
  return place ? { country: place.country ?? null } : null
}

/** The month or months of an EDTF date. */
function monthOf(text: Maybe<string>): string | null {
  if (text === null || text === undefined || text === 'unknown') return text ?? null
  const { earliest, latest, approximate, uncertain } = parseEdtf(text)
  const sign = approximate && uncertain ? '%' : approximate ? '~' : uncertain ? '?' : ''
  const [first, last] = [earliest, latest].map((day) =>
    day === null ? '..' : day.slice(0, 7) + sign,
  )
  return first === last ? (first ?? null) : `${first}/${last}`
}
