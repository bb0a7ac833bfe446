import { stringify } from 'csv-stringify/sync'
import { parseEdtf } from '../../tip/edtf.ts'
import type { Disclosed, DisclosedPerson } from '../disclose/disclosed.ts'
import { textCell } from './cells.ts'
import { ageInYears } from '../people/age-words.ts'
import { nativeAndLatin } from './names.ts'
import { acts, authorityNames, statuses } from './vocabulary.ts'
import { countryName } from '../text/code-words.ts'

/**
 * The columns of an Actors sheet, one row for each person (sjacorg/bayanat@48a90d2,
 * enferno/data_import/utils/sheet_import.py). Bayanat keeps every column of a row in `meta`, mapped
 * or not, so the file must not contain anything that may not stay there. It silently drops values
 * that its tables lack, so the description repeats event, places, ethnicity and nationality.
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

/** Titles in Bayanat's table of event types (enferno/data/eventtypes.csv). */
const eventTypes = {
  detention: 'Detained/Abducted',
  disappearance: 'Missing',
  return_feared: 'Detained/Abducted',
  returned: 'Returned',
  released: 'Released',
} as const

/** Titles in Bayanat's table of countries (enferno/data/countries.csv) that differ from ours. */
const countryTitles: Readonly<Record<string, string>> = {
  MM: 'Burma (Myanmar)',
  CD: 'Democratic Republic of the Congo',
  CG: 'Republic of the Congo',
  CI: "Cote d'Ivoire",
  TL: 'East Timor (Timor-Leste)',
  TR: 'Turkey',
  PS: 'Palestine',
}

/** @param day the day of the export, `YYYY-MM-DD`. */
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
  const { native, latin } = nativeAndLatin(person ?? { names: [] })
  const type = eventTypeOf(disclosed)
  // The only known date is that of the detention; a return or a release happened on another day.
  const isDetention = type === 'Detained/Abducted' || type === 'Missing'
  const range = isDetention ? rangeOf(event?.detained_when) : null
  return {
    originid: person?.ref ?? ref,
    name: textCell(latin || native) || `Unnamed ${person?.ref ?? ref}`,
    // Bayanat's only column for a name in a second script.
    name_ar: latin === '' ? '' : textCell(native),
    nickname: textCell(person?.names.find(({ kind }) => kind === 'nickname')?.text),
    first_name: '',
    last_name: '',
    sex: person?.sex === 'female' ? 'Female' : person?.sex === 'male' ? 'Male' : '',
    age: ageGroup(person),
    nationalities: quotedList((person?.nationality ?? []).map(countryTitle)),
    ethnographies: quotedList(person?.ethnicity ? [person.ethnicity] : []),
    occupation: '',
    // Bayanat would drop a place that it does not know; the description contains it.
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
    type: type ?? '',
    title: type === null ? '' : titleOf(disclosed),
    location: '',
    from_date: range?.earliest ?? '',
    to_date: range?.latest ?? '',
    estimated:
      range !== null && (range.earliest !== range.latest || range.approximate || range.uncertain)
        ? 'true'
        : '',
    comments: isDetention ? textCell(event?.detained_when) : '',
  }
}

/** Null for a tip that reports no event of its own. */
function eventTypeOf({ topic }: Disclosed): string | null {
  if (topic === 'update') return null
  return eventTypes[(topic ?? 'detention') as keyof typeof eventTypes]
}

const titleOf = ({ topic }: Disclosed): string => acts[(topic ?? 'detention') as keyof typeof acts]

const countryTitle = (code: string): string => countryTitles[code] ?? countryName(code)

/**
 * Set only if pregnancy is known: any value in this column turns the actor into a Missing Person
 * (`ActorProfile`, columns with the comment "MP").
 */
function pregnancy(person: DisclosedPerson | null): string {
  return person?.riskFlags.includes('pregnant') === true ? 'Pregnant' : ''
}

/** One of the three age groups that Bayanat knows. */
function ageGroup(person: DisclosedPerson | null): string {
  return person?.minor === 'yes' ? 'Minor' : person?.minor === 'no' ? 'Adult' : 'Unknown'
}

/** A list such as `"North Korea","China"`: without quotes Bayanat splits at spaces. */
function quotedList(values: readonly string[]): string {
  return values.map((value) => `"${textCell(value).replaceAll('"', '')}"`).join(',')
}

function rangeOf(when: string | null | undefined): ReturnType<typeof parseEdtf> | null {
  return when === null || when === undefined || when === 'unknown' ? null : parseEdtf(when)
}

function describe(disclosed: Disclosed, person: DisclosedPerson | null): string {
  const { event, narrative } = disclosed
  const placeText = (place: NonNullable<Disclosed['event']>['where_taken']) =>
    place
      ? [place.text, place.admin, place.country ? countryName(place.country) : null]
          .filter(Boolean)
          .join(', ')
      : ''
  const lines: [string, string][] = [
    ['Event', eventTypeOf(disclosed) === null ? '' : titleOf(disclosed)],
    ['Detained', event?.detained_when ?? ''],
    ['Status', person?.status ? statuses[person.status] : ''],
    ['Age at detention', person?.age ? ageInYears(person.age) : ''],
    ['Taken at', placeText(event?.where_taken)],
    ['Held at', placeText(event?.held_where)],
    ['Taken by', (event?.authority ?? []).map((code) => authorityNames[code]).join(', ')],
    [
      'May be returned to',
      event?.return_risk?.to_country ? countryName(event.return_risk.to_country) : '',
    ],
    ['Nationality', (person?.nationality ?? []).map(countryName).join(', ')],
    ['Ethnicity', person?.ethnicity ?? ''],
    ['From', person?.originPlace ?? ''],
    ['Summary', narrative ?? ''],
  ]
  return lines
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `${label}: ${text}.`)
    .join(' ')
}
