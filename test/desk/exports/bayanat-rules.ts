/**
 * Reimplements how Bayanat imports one row of an actors sheet, after sjacorg/bayanat
 * enferno/data_import/utils/sheet_import.py@48a90d2, its models and seed tables (enferno/data). The
 * rows are parsed with papaparse.
 */
export interface BayanatActor {
  values: Record<string, string>
  lists: Record<string, string[]>
  events: {
    /** Null if `find_by_title` found no type; the type is lost then. */
    type: string | null
    title: string
    comments: string
    fromDate: string
    toDate: string
  }[]
  /** Whether a column of the profile with the comment "MP" has a value. */
  isMissingPerson: boolean
  /** Fields whose value does not fit, which `handle_mismatch` appends to the description. */
  mismatches: string[]
  /** The whole row including unmapped columns: `self.row.to_json()`. */
  meta: string
}

const options: Readonly<Record<string, readonly string[]>> = {
  sex: ['Male', 'Female'],
  age: ['Minor', 'Adult', 'Unknown'],
  pregnant_at_disappearance: [
    'Pregnant',
    'Not Pregnant',
    'Unknown',
    'Not Applicable',
    'The Question Was Not Asked',
  ],
}
/** The event types for actors in enferno/data/eventtypes.csv. */
export const eventTypes = [
  'Birth',
  'Death',
  'Detained/Abducted',
  'Released',
  'Missing',
  'Returned',
  'Wounded',
  'Defected',
  'IDP',
  'Refugee',
  'Other',
  'Burial',
  'Trial',
  'Residence',
  'Found',
  'Stillbirth',
  'Sighting',
  'Held',
  'Publication',
]
/** Some entries of enferno/data/ethnographies.csv and countries.csv, in lower case. */
const tables: Readonly<Record<string, readonly string[]>> = {
  ethnographies: ['arab', 'armenian', 'kurd', 'turkmen', 'unknown'],
  nationalities: ['north korea', 'south korea', 'china', 'burma (myanmar)', 'russia'],
}
const missingPersonColumns = [
  'last_address',
  'pregnant_at_disappearance',
  'months_pregnant',
  'seen_in_detention_opts',
  'seen_in_detention_details',
]
const lists = ['nationalities', 'ethnographies', 'labels', 'sources', 'tags']

/**
 * `parse_array_field`: a text without a comma is one value. Other texts are split at spaces and
 * commas, except within quotes.
 */
export function parseArrayField(value: string): string[] {
  const strip = (text: string) => text.replace(/^["“” ]+|["“” ]+$/gu, '')
  if (!value.includes(',')) return [strip(value)]
  return (value.match(/"[^"]+"+|[^ ,]+/gu) ?? []).map(strip)
}

/**
 * Imports a row with each column mapped to the field of the same name, as a person in a hurry would
 * map them.
 */
export function importBayanatRow(row: Readonly<Record<string, string>>): BayanatActor {
  const actor: BayanatActor = {
    values: {},
    lists: {},
    events: [],
    isMissingPerson: missingPersonColumns.some((column) => (row[column] ?? '') !== ''),
    mismatches: [],
    meta: JSON.stringify(row),
  }
  for (const [field, value] of Object.entries(row)) {
    const allowed = options[field]
    if (allowed !== undefined) {
      // `set_from_list`, `closest_match`. An empty cell is a mismatch too, but adds only the name
      // of the field to the description.
      const found = allowed.find((option) => option.toLowerCase() === value.toLowerCase().trim())
      if (found !== undefined) actor.values[field] = found
      else if (value !== '') actor.mismatches.push(field)
    } else if (value === '') continue
    else if (lists.includes(field))
      // `set_secondaries` drops values that are in none of the tables, without a mismatch.
      actor.lists[field] = parseArrayField(value).filter(
        (item) => tables[field]?.includes(item.toLowerCase()) ?? true,
      )
    // `DateHelper.parse_date`. We use it for whole days only.
    else if (field === 'documentation_date' && !isDay(value)) actor.mismatches.push(field)
    // Looked up by title among the existing places; otherwise the value only goes to the
    // description.
    else if (field === 'origin_place') actor.mismatches.push(field)
    else actor.values[field] = value.trim()
  }
  const {
    title = '',
    comments = '',
    from_date: fromDate = '',
    to_date: toDate = '',
    location = '',
  } = row
  const type = eventTypes.find((known) => known.toLowerCase() === row['type']?.trim().toLowerCase())
  if (fromDate !== '' || location !== '' || title !== '')
    actor.events.push({ type: type ?? null, title, comments, fromDate, toDate })
  return actor
}

/**
 * Whether `pd.read_csv` takes the value for a number. A column that holds only such values becomes
 * numeric, so that an id would lose its leading zeros.
 */
export function isNumberForPandas(value: string): boolean {
  return (
    /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/iu.test(value) ||
    /^[+-]?(?:inf(?:inity)?|nan)$/iu.test(value.trim())
  )
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/u.test(text) && !Number.isNaN(Date.parse(text))
}
