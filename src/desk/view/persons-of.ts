import { parseEdtf } from '../../tip/edtf.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { CaseState, PersonView } from '../files/case-view.ts'
import { ageAtDetention, elderlyOf, minorOf } from '../people/ages.ts'
import { byKind } from '../people/name-order.ts'
import { printable } from '../text/printable.ts'

/**
 * The persons of a tip, in its order, with the analyst's marks. `toldOn` is the day on which the
 * tip was opened.
 */
export function personsOf(
  tip: DetentionTip | null,
  receipt: string,
  state: Pick<CaseState, 'persons'>,
  toldOn: string,
): PersonView[] {
  const when = tip?.event?.detained_when
  const detained = when === null || when === undefined ? null : parseEdtf(when)
  return (tip?.persons ?? []).map((person, index) => {
    const noted = state.persons.get(index)
    const age = ageAtDetention(person, detained, toldOn)
    const name = printable(byKind(person.names ?? [])[0]?.text ?? '')
    return {
      key: `${receipt}#${index}`,
      index,
      person,
      personId: noted?.personId ?? null,
      confirmed: noted?.confirmed ?? null,
      guide: noted?.guide ?? null,
      displayName: name === '' ? `unnamed person ${index + 1}` : name,
      age,
      minor: minorOf(person, age),
      elderly: elderlyOf(person, age),
    }
  })
}
