import * as Type from 'typebox'
import { maxLineChars, maxRepeats } from './bounds.ts'
import {
  ageReckonings,
  ageUnits,
  minorCodes,
  nameKinds,
  nameWriters,
  personStatuses,
  riskFlags,
  scripts,
  sexes,
} from './codes.ts'
import {
  code,
  codes,
  countries,
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

/** A name as it was written. A romanisation is added as another name, never as a replacement. */
const PersonName = group({
  text: Type.String({ minLength: 1, maxLength: maxLineChars, ...high }),
  script: code(scripts, low),
  kind: code(nameKinds, medium),
  by: code(nameWriters, low),
})

const Age = group({
  value: Type.Integer({ minimum: 0, maximum: 1_500, ...medium }),
  unit: code(ageUnits, low),
  as_of: edtf(medium),
  reckoning: code(ageReckonings, low),
})

const IdentityDocument = group({ type: line(high), number: line(high) })

/** One detained person. Persons are described separately because the UN takes one form for each. */
export const Person = group({
  names: list(PersonName, maxRepeats, high),
  sex: code(sexes, medium),
  birth: edtf(high),
  age: nullable(Age),
  /** The age as the source typed it, in addition to the values read from it. */
  age_text: line(medium),
  minor: code(minorCodes, medium),
  nationality: countries,
  origin_place: line(medium),
  ethnicity: line(medium),
  risk_flags: codes(riskFlags, high),
  medical: note(high),
  id_docs: list(IdentityDocument, maxRepeats, high),
  status: code(personStatuses, medium),
})
export type Person = Type.Static<typeof Person>
