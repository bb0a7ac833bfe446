import { stringify } from 'csv-stringify/sync'
import { parseEdtf } from '../../tip/edtf.ts'
import type { Disclosed, DisclosedPerson } from '../disclose/disclosed.ts'
import { textCell } from './cells.ts'
import { ageText, nativeAndLatin } from './names.ts'
import { acts, authorityNames, countryName, statuses } from './vocabulary.ts'

/**
 * The columns of one Actors sheet, one row a person (sjacorg/bayanat,
 * enferno/data_import/utils/sheet_import.py). Bayanat keeps every column of a row in `meta`, mapped
 * or not: what is not to stay there must not be in the file. The type of an event is chosen in its
 * mapping, once for all rows (`set_events`): the column `type` is for people to sort by before the
 * import.
 */
export const bayanatColumns = [
  'originid',
  'name',
  'name_ar',
  'nickname',
  'first_name',
  'last_name',
  'sex',
  'age',
  'nationalities',
  'ethnographies',
  'occupation',
  'origin_place',
  'last_address',
  'pregnant_at_disappearance',
  'months_pregnant',
  'seen_in_detention_opts',
  'seen_in_detention_details',
  'description',
  'documentation_date',
  'sources',
  'labels',
  'tags',
  'type',
  'title',
  'location',
  'from_date',
  'to_date',
  'estimated',
  'comments',
] as const

type Row = Record<(typeof bayanatColumns)[number], string>

const eventTypes: Readonly<Record<string, string>> = {
  returned: 'Returned',
  released: 'Released',
  disappearance: 'Abducted',
}

/** @param day of the export, `YYYY-MM-DD`. */
export function bayanatCsv(cases: readonly Disclosed[], day: string): string {
  const rows = cases.flatMap((disclosed) =>
    (disclosed.persons.length > 0 ? disclosed.persons : [null]).map((person) =>
      rowOf(disclosed, person, day),
    ),
  )
  return stringify(rows, { header: true, columns: [...bayanatColumns] })
}

function rowOf(disclosed: Disclosed, person: DisclosedPerson | null, day: string): Row {
  const { event, ref } = disclosed
  const { native, latin } = person === null ? { native: '', latin: '' } : nativeAndLatin(person)
  const range = rangeOf(event?.detained_when)
  return {
    originid: person?.ref ?? ref,
    name: textCell(latin || native) || `Unnamed ${person?.ref ?? ref}`,
    // One slot for a second language, whichever it is.
    name_ar: latin === '' ? '' : textCell(native),
    nickname: textCell(person?.names.find(({ kind }) => kind === 'nickname')?.text),
    first_name: '',
    last_name: '',
    sex: person?.sex === 'female' ? 'Female' : person?.sex === 'male' ? 'Male' : '',
    age: ageGroup(person),
    nationalities: quotedList((person?.nationality ?? []).map(countryName)),
    ethnographies: quotedList(person?.ethnicity ? [person.ethnicity] : []),
    occupation: '',
    // A place that Bayanat does not have yet would be lost: it stands in the description.
    origin_place: '',
    last_address: '',
    pregnant_at_disappearance: pregnancy(person),
    months_pregnant: '',
    seen_in_detention_opts: '',
    seen_in_detention_details: '',
    description: textCell(describe(disclosed, person)),
    documentation_date: day,
    sources: '',
    labels: '',
    tags: '',
    type: eventTypes[disclosed.topic ?? ''] ?? 'Detained',
    title: acts[(disclosed.topic ?? 'detention') as keyof typeof acts],
    location: '',
    from_date: range?.earliest ?? '',
    to_date: range?.latest ?? '',
    estimated:
      range !== null && (range.earliest !== range.latest || range.approximate || range.uncertain)
        ? 'true'
        : '',
    comments: textCell(event?.detained_when),
  }
}

/**
 * Of the five that Bayanat knows (admin/constants.py); anything else would end in the description.
 */
function pregnancy(person: DisclosedPerson | null): string {
  if (person?.riskFlags.includes('pregnant') === true) return 'Pregnant'
  return person?.sex === 'male' ? 'Not Applicable' : 'The Question Was Not Asked'
}

/** Bayanat knows three. */
function ageGroup(person: DisclosedPerson | null): string {
  return person?.minor === 'yes' ? 'Minor' : person?.minor === 'no' ? 'Adult' : 'Unknown'
}

/** `"North Korea","China"`: without quotes Bayanat splits at every space. */
function quotedList(values: readonly string[]): string {
  return values.map((value) => `"${textCell(value).replaceAll('"', '')}"`).join(',')
}

function rangeOf(when: string | null | undefined): ReturnType<typeof parseEdtf> | null {
  return when === null || when === undefined || when === 'unknown' ? null : parseEdtf(when)
}

function describe({ event, narrative }: Disclosed, person: DisclosedPerson | null): string {
  const placeText = (place: NonNullable<Disclosed['event']>['where_taken']) =>
    place
      ? [place.text, place.admin, place.country ? countryName(place.country) : null]
          .filter(Boolean)
          .join(', ')
      : ''
  const lines: [string, string][] = [
    ['Status', person?.status ? statuses[person.status] : ''],
    ['Age at detention', person === null ? '' : ageText(person)],
    ['Taken at', placeText(event?.where_taken)],
    ['Held at', placeText(event?.held_where)],
    ['Taken by', (event?.authority ?? []).map((code) => authorityNames[code]).join(', ')],
    [
      'May be returned to',
      event?.return_risk?.to_country ? countryName(event.return_risk.to_country) : '',
    ],
    ['From', person?.originPlace ?? ''],
    ['Summary', narrative ?? ''],
  ]
  return lines
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `${label}: ${text}.`)
    .join(' ')
}
