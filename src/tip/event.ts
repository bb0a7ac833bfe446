import * as Type from 'typebox'
import { maxPeopleCount, maxRepeats } from './bounds.ts'
import { acknowledgements, authorities, waysTaken, yesNoUnknown } from './codes.ts'
import {
  code,
  codes,
  count,
  country,
  edtf,
  group,
  high,
  line,
  list,
  low,
  medium,
  note,
  nullable,
} from './fields.ts'

export const Place = group({
  text: line(medium),
  country,
  admin: line(medium),
  lat: nullable(Type.Number({ minimum: -90, maximum: 90, ...medium })),
  lon: nullable(Type.Number({ minimum: -180, maximum: 180, ...medium })),
  precision_km: nullable(Type.Number({ minimum: 0, maximum: 20_000, ...low })),
})
export type Place = Type.Static<typeof Place>

const Transfer = group({ when: edtf(medium), from: nullable(Place), to: nullable(Place) })

const ReturnRisk = group({ to_country: country, expected: edtf(medium), basis: note(medium) })

/** What happened to the persons of this tip, as a group. */
export const DetentionEvent = group({
  when_text: line(medium),
  detained_when: edtf(medium),
  last_contact: edtf(medium),
  where_taken: nullable(Place),
  held_where: nullable(Place),
  transfers: list(Transfer, maxRepeats, medium),
  how_taken: code(waysTaken, low),
  authority: codes(authorities, medium),
  authority_text: line(medium),
  warrant: code(yesNoUnknown, medium),
  reasons_given: note(medium),
  acknowledged: code(acknowledgements, low),
  return_risk: nullable(ReturnRisk),
  companions: count(maxPeopleCount, high),
  guides_held: count(maxPeopleCount, high),
})
export type DetentionEvent = Type.Static<typeof DetentionEvent>
