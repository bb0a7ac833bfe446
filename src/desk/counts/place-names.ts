import type { ConsentRecipient } from '../../tip/consent.ts'
import { disclose, isWithheld } from '../disclose/disclose.ts'
import type { Place } from '../../tip/event.ts'
import type { CaseView } from '../files/case-view.ts'
import { gazetteerPlaceOf } from '../places/find-place.ts'
import { countryName } from '../exports/vocabulary.ts'
import type { PlaceOf } from './human-beings.ts'
import { placeNotKnown, placeNotNamed } from './human-beings.ts'

/** For analysts: the place as it was told. Never for a table that leaves. */
export function placeAsTold({ tip }: CaseView): string {
  return nameOf(tip?.event?.where_taken) ?? placeNotKnown
}

/** One name for 선양, 沈阳 and Shenyang; else the place as it was told. */
function nameOf(place: Place | null | undefined): string | null {
  return gazetteerPlaceOf(place)?.latin ?? place?.admin ?? place?.text ?? null
}

/**
 * For tables that leave: the place as far as this recipient may be told it. Without confirmed words
 * it is the country, and without consent nothing. The gazetteer sees confirmed words alone.
 */
export function placeFor(
  recipient: ConsentRecipient,
  othersOf: (view: CaseView) => readonly CaseView[],
): PlaceOf {
  return (view) => {
    const told = view.tip?.event?.where_taken
    if (!told?.admin && !told?.text && !told?.country) return placeNotKnown
    const result = disclose(view, recipient, othersOf(view))
    const place = isWithheld(result) ? null : result.event?.where_taken
    return nameOf(place) ?? (place?.country ? countryName(place.country) : placeNotNamed)
  }
}
