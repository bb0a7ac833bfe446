import { stringify } from 'csv-stringify/sync'
import { parseEdtf } from '../../tip/edtf.ts'
import { reliabilities, reliabilityTerms } from '../casebook/reliability.ts'
import type { Disclosed, DisclosedPerson } from '../disclose/disclosed.ts'
import { listCell, textCell } from './cells.ts'
import { ageInYears } from '../people/age-words.ts'
import { nativeAndLatin } from './names.ts'
import { acts, authorityNames, minorNames, sexNames, statuses } from './vocabulary.ts'
import { countryName } from '../text/code-words.ts'

/**
 * The columns of `import.csv`, one row for each person. There is no column `id`: with one, Uwazi
 * would overwrite entities and blank every property that has no column (docs.uwazi.io, csv-import).
 */
export const uwaziColumns = [
  'title',
  'tip_ref',
  'name_native',
  'name_latin',
  'sex',
  'age_at_detention',
  'minor',
  'nationality',
  'status',
  'act',
  'detained_range',
  'detained_edtf',
  'detained_place',
  'place_geolocation',
  'held_at',
  'authority',
  'return_risk',
  'reliability',
  'summary',
  'attachments',
] as const
type Row = Record<(typeof uwaziColumns)[number], string>

export interface UwaziOptions {
  /**
   * Languages of the Uwazi site, the default first; the summary then has columns such as
   * `summary__ko`. Uwazi refuses a file that also has `summary`, and one without a column for the
   * default language (huridocs/uwazi app/api/csv/validateColumns.ts@01ec8ee).
   */
  languages?: readonly string[]
}

/**
 * The content of `import.csv`: UTF-8 without a byte order mark. A case without listed persons has
 * one row.
 */
export function uwaziCsv(
  cases: readonly { disclosed: Disclosed; files: readonly string[] }[],
  { languages = [] }: UwaziOptions = {},
): string {
  const rows = cases.flatMap(({ disclosed, files }) =>
    personsOf(disclosed).map((person, index) => rowOf(disclosed, person, index === 0 ? files : [])),
  )
  if (languages.length === 0) return stringify(rows, { header: true, columns: [...uwaziColumns] })
  const columns = uwaziColumns.flatMap((column) =>
    column === 'summary' ? languages.map((language) => `summary__${language}`) : [column],
  )
  return stringify(
    rows.map((row) => ({
      ...row,
      [`summary__${languageOf(row.summary, languages)}`]: row.summary,
    })),
    { header: true, columns },
  )
}

const scripts: readonly (readonly [language: string, script: RegExp])[] = [
  ['ko', /\p{Script=Hangul}/u],
  ['zh', /\p{Script=Han}/u],
  ['ru', /\p{Script=Cyrillic}/u],
  ['ug', /\p{Script=Arabic}/u],
  ['bo', /\p{Script=Tibetan}/u],
]

/**
 * The language of a summary, determined by the script of most of its letters, because analysts may
 * write in another language than the source; by default that of the site.
 */
function languageOf(summary: string, languages: readonly string[]): string {
  const letters = [...summary].filter((character) => /\p{L}/u.test(character))
  const [found] =
    scripts.find(
      ([, script]) => letters.filter((letter) => script.test(letter)).length > letters.length / 2,
    ) ?? []
  return languages.find((language) => language === found) ?? languages[0] ?? ''
}

function personsOf({ persons }: Disclosed): (DisclosedPerson | null)[] {
  return persons.length > 0 ? [...persons] : [null]
}

function rowOf(
  disclosed: Disclosed,
  person: DisclosedPerson | null,
  files: readonly string[],
): Row {
  const { event, ref } = disclosed
  const { native, latin } = nativeAndLatin(person ?? { names: [] })
  return {
    title: textCell(native || latin) || `Unnamed ${person?.ref ?? ref}`,
    tip_ref: person?.ref ?? ref,
    name_native: textCell(native),
    name_latin: textCell(latin),
    sex: sexNames[person?.sex ?? 'unknown'],
    age_at_detention: person?.age ? ageInYears(person.age) : '',
    minor: minorNames[person?.minor ?? 'unknown'],
    nationality: listCell((person?.nationality ?? []).map(countryName)),
    status: statuses[person?.status ?? 'unknown'],
    act: acts[(disclosed.topic ?? 'detention') as keyof typeof acts],
    detained_range: rangeCell(event?.detained_when),
    detained_edtf: textCell(event?.detained_when),
    detained_place: placeCell(event?.where_taken),
    place_geolocation: geolocationCell(event?.where_taken),
    held_at: placeCell(event?.held_where),
    authority: listCell((event?.authority ?? []).map((code) => authorityNames[code])),
    return_risk: returnRiskCell(event?.return_risk),
    reliability: disclosed.reliability === null ? '' : reliabilityName(disclosed.reliability),
    summary: textCell(disclosed.narrative),
    attachments: listCell(files),
  }
}

/**
 * Micro-thesaurus 42 in words. An unknown code becomes "unknown", so that no new value of the
 * select field is created.
 */
function reliabilityName(code: string): string {
  return reliabilityTerms[reliabilities.find((known) => known === code) ?? 'unknown'].en
}

type Event = NonNullable<Disclosed['event']>

/**
 * A range of whole days, with an empty text for an open end (`parseDateRange` in
 * app/api/csv/typeParsers.ts@849f7d9): Uwazi turns a year into January 1st, and refuses a month.
 */
function rangeCell(when: Event['detained_when']): string {
  if (when === null || when === undefined) return ''
  const { earliest, latest } = parseEdtf(when)
  return earliest === null && latest === null ? '' : `${earliest ?? ''}:${latest ?? ''}`
}

function placeCell(place: Event['where_taken']): string {
  if (!place) return ''
  return textCell(
    [place.text, place.admin, place.country ? countryName(place.country) : null]
      .filter(Boolean)
      .join(', '),
  )
}

function geolocationCell(place: Event['where_taken']): string {
  return typeof place?.lat === 'number' && typeof place.lon === 'number'
    ? `${place.lat}|${place.lon}`
    : ''
}

function returnRiskCell(risk: Event['return_risk']): string {
  if (!risk) return ''
  return risk.to_country ? countryName(risk.to_country) : 'Yes'
}

/** The thesauri to create in Uwazi before the import, so that it creates no values itself. */
const thesauri: Readonly<Record<string, readonly string[]>> = {
  sex: Object.values(sexNames),
  minor: Object.values(minorNames),
  status: Object.values(statuses),
  act: [...new Set(Object.values(acts))].filter((act) => act !== ''),
  authority: Object.values(authorityNames),
  reliability: reliabilities.map(reliabilityName),
}

/** The values of the select fields, as CSV. */
export function uwaziVocabulary(): string {
  return stringify(
    Object.entries(thesauri).flatMap(([property, values]) =>
      values.map((value) => ({ property, value })),
    ),
    { header: true, columns: ['property', 'value'] },
  )
}

/** Columns that Uwazi has itself, so that they are no properties of a template. */
const builtIn: readonly string[] = ['title', 'attachments']

const propertyTypes: Readonly<Record<string, string>> = {
  sex: 'Select',
  minor: 'Select',
  nationality: 'Multiselect',
  status: 'Select',
  act: 'Select',
  detained_range: 'Date range',
  place_geolocation: 'Geolocation',
  authority: 'Multiselect',
  reliability: 'Select',
}

/**
 * The template to create in Uwazi, as CSV with one row for each property. Uwazi derives a
 * property's name from its label and silently drops a column that matches no property; the name of
 * a geolocation gets the suffix `_geolocation` (`generateName`,
 * app/api/templates/utils.ts@849f7d9).
 */
export function uwaziTemplate(): string {
  const rows = uwaziColumns
    .filter((name) => !builtIn.includes(name))
    .map((name) => ({
      label: name.replace(/_geolocation$/u, ''),
      type: propertyTypes[name] ?? 'Text',
      thesaurus: propertyTypes[name]?.endsWith('elect') ? name : '',
      column: name,
      values: (thesauri[name] ?? []).join('|'),
    }))
  const columns = ['label', 'type', 'thesaurus', 'column', 'values']
  return stringify(rows, { header: true, columns })
}
