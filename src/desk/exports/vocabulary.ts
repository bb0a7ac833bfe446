import type { authorities, personStatuses, topics } from '../../tip/codes.ts'
import { namedAuthorities } from '../text/code-words.ts'

/**
 * The only words that are written into select fields, because an importer creates any value that it
 * does not know without asking. Acts are from HURIDOCS micro-thesaurus 4 and statuses from
 * micro-thesaurus 25, in words.
 */
export const acts: Readonly<Record<(typeof topics)[number], string>> = {
  detention: 'Detention',
  disappearance: 'Disappearance',
  return_feared: 'Detention',
  returned: 'Refoulement',
  released: 'Release',
  // An update reports no act of its own.
  update: '',
}

export const statuses: Readonly<Record<(typeof personStatuses)[number], string>> = {
  held: 'Held',
  moved: 'Moved',
  returned: 'Returned',
  released: 'Released',
  dead: 'Dead',
  missing: 'Missing',
  unknown: 'Unknown',
}

export const authorityNames: Readonly<Record<(typeof authorities)[number], string>> = {
  ...namedAuthorities,
  third_country_police: 'Police of a third country',
  other: 'Other',
  unknown: 'Unknown',
}

export const sexNames = {
  female: 'Female',
  male: 'Male',
  other: 'Other',
  unknown: 'Unknown',
} as const
export const minorNames = {
  yes: 'Minor',
  possible: 'Possibly minor',
  no: 'Adult',
  unknown: 'Unknown',
} as const
