import type { ConsentRecipient } from '../../tip/consent.ts'
import { disclose, isWithheld } from '../disclose/disclose.ts'
import type { Place } from '../../tip/event.ts'
import type { CaseView } from '../files/case-view.ts'
import { gazetteerPlaceOf } from '../places/find-place.ts'
import { countryName } from '../text/code-words.ts'
import type { PlaceOf } from './human-beings.ts'
import { placeNotKnown, placeNotNamed } from './human-beings.ts'

/**
 * For analysts: the place as the source wrote it. Must not be used in a table that leaves the desk.
 */
export function placeAsTold({ tip }: CaseView): string {
  return nameOf(tip?.event?.where_taken) ?? placeNotKnown
}

/** One name for 선양, 沈阳 and Shenyang; for any other place, the text as the source wrote it. */
function nameOf(place: Place | null | undefined): string | null {
  return gazetteerPlaceOf(place)?.latin ?? place?.admin ?? place?.text ?? null
}

/**
 * For tables that leave the desk: the place as precisely as this recipient may know it. Without
 * confirmed words it is only the country, and without consent nothing. Only confirmed words are
 * looked up in the gazetteer.
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
