import { stringify } from 'csv-stringify/sync'
import { consentRecipients } from '../../tip/codes.ts'
import { parseEdtf } from '../../tip/edtf.ts'
import type { Disclosed, DisclosedPerson } from '../disclose/disclosed.ts'
import { listCell, textCell } from './cells.ts'
import { ageText, nativeAndLatin } from './names.ts'
import { acts, authorityNames, countryName, minorNames, sexNames, statuses } from './vocabulary.ts'

/**
 * The columns of `import.csv`, one row a person. There is no `id`: with one, Uwazi would overwrite entities and blank
 * every property that has no column (docs.uwazi.io, csv-import).
 */
export const uwaziColumns = [
  'title', 'tip_ref', 'name_native', 'name_latin', 'sex', 'age_at_detention', 'minor', 'nationality', 'status', 'act', 'detained_range', 'detained_edtf',
  'detained_place', 'place_geolocation', 'held_at', 'authority', 'return_risk', 'reliability', 'summary', 'attachments',
] as const
const summaryLanguages = ['ko', 'zh', 'ru'] as const

type Row = Record<(typeof uwaziColumns)[number] | `summary__${(typeof summaryLanguages)[number]}`, string>

/** UTF-8 without a byte order mark; a case that names nobody has one row for those it counts. */
export function uwaziCsv(cases: readonly { disclosed: Disclosed; files: readonly string[] }[]): string {
  const rows = cases.flatMap(({ disclosed, files }) => personsOf(disclosed).map((person, index) => rowOf(disclosed, person, index === 0 ? files : [])))
  const used = summaryLanguages.map((language) => `summary__${language}` as const).filter((column) => rows.some((row) => row[column] !== ''))
  return stringify(rows, { header: true, columns: [...uwaziColumns, ...used] })
}

function personsOf({ persons }: Disclosed): (DisclosedPerson | null)[] {
  return persons.length > 0 ? [...persons] : [null]
}

function rowOf(disclosed: Disclosed, person: DisclosedPerson | null, files: readonly string[]): Row {
  const { event, ref } = disclosed
  const { native, latin } = person === null ? { native: '', latin: '' } : nativeAndLatin(person)
  const summary = textCell(disclosed.narrative)
  const inLanguage = (language: string) => (disclosed.lang === language ? summary : '')
  const isOther = !summaryLanguages.some((language) => language === disclosed.lang)
  return {
    title: textCell(native || latin) || `Unnamed ${person?.ref ?? ref}`,
    tip_ref: person?.ref ?? ref,
    name_native: textCell(native),
    name_latin: textCell(latin),
    sex: sexNames[person?.sex ?? 'unknown'],
    age_at_detention: person === null ? '' : ageText(person),
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
    reliability: textCell(disclosed.reliability),
    summary: isOther ? summary : '',
    summary__ko: inLanguage('ko'),
    summary__zh: inLanguage('zh'),
    summary__ru: inLanguage('ru'),
    attachments: listCell(files),
  }
}

type Event = NonNullable<Disclosed['event']>

/** Whole days or nothing: Uwazi turns a year into its first of January, and refuses a month. */
function rangeCell(when: Event['detained_when']): string {
  if (when === null || when === undefined) return ''
  const { earliest, latest } = parseEdtf(when)
  return earliest === null || latest === null ? '' : `${earliest}:${latest}`
}

function placeCell(place: Event['where_taken']): string {
  if (!place) return ''
  return textCell([place.text, place.admin, place.country ? countryName(place.country) : null].filter(Boolean).join(', '))
}

function geolocationCell(place: Event['where_taken']): string {
  return typeof place?.lat === 'number' && typeof place.lon === 'number' ? `${place.lat}|${place.lon}` : ''
}

function returnRiskCell(risk: Event['return_risk']): string {
  if (!risk) return ''
  return risk.to_country ? countryName(risk.to_country) : 'Yes'
}

/** What to make in Uwazi before the import, so that it makes nothing of its own. */
export function uwaziVocabulary(): string {
  const sets: [string, readonly string[]][] = [
    ['sex', Object.values(sexNames)], ['minor', Object.values(minorNames)], ['status', Object.values(statuses)], ['act', [...new Set(Object.values(acts))]],
    ['authority', Object.values(authorityNames)],
  ]
  return stringify(sets.flatMap(([property, values]) => values.map((value) => ({ property, value }))), { header: true, columns: ['property', 'value'] })
}

/** For `--for`. */
export const exportRecipients = consentRecipients
