/**
 * Bayanat's import of one row of an actors sheet, as a reader of its own: sjacorg/bayanat
 * enferno/data_import/utils/sheet_import.py@48a90d2, its models and seed tables (enferno/data).
 * Rows come from papaparse.
 */
export interface BayanatActor {
  values: Record<string, string>
  lists: Record<string, string[]>
  events: {
    /** Null: `find_by_title` found none, and the type is lost. */
    type: string | null
    title: string
    comments: string
    fromDate: string
    toDate: string
  }[]
  /** A column of the profile with the comment "MP" has a value. */
  isMissingPerson: boolean
  /** `handle_mismatch`: what does not fit goes to the end of the description. */
  mismatches: string[]
  /** `self.row.to_json()`: the whole row, unmapped columns too. */
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
/** enferno/data/eventtypes.csv, those for actors. */
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
/** Of enferno/data/ethnographies.csv and countries.csv, in small letters; some of them. */
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
 * `parse_array_field`: without a comma one value; else quoted ones, and words parted by spaces and
 * commas.
 */
export function parseArrayField(value: string): string[] {
  const strip = (text: string) => text.replace(/^["“” ]+|["“” ]+$/gu, '')
  if (!value.includes(',')) return [strip(value)]
  return (value.match(/"[^"]+"+|[^ ,]+/gu) ?? []).map(strip)
}

/** With every column mapped to the field of its name, as a hurried person maps them. */
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
      // `set_from_list`, `closest_match`: an empty cell is a mismatch too, and adds nothing but its
      // name.
      const found = allowed.find((option) => option.toLowerCase() === value.toLowerCase().trim())
      if (found !== undefined) actor.values[field] = found
      else if (value !== '') actor.mismatches.push(field)
    } else if (value === '') continue
    else if (lists.includes(field))
      // `set_secondaries`: what no table has is lost, without a mismatch.
      actor.lists[field] = parseArrayField(value).filter(
        (item) => tables[field]?.includes(item.toLowerCase()) ?? true,
      )
    // `DateHelper.parse_date`, of which we use nothing but whole days.
    else if (field === 'documentation_date' && !isDay(value)) actor.mismatches.push(field)
    // Found by its title among the places there are, or lost to the description.
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

/** `pd.read_csv` makes numbers of a column that holds nothing else: an id would lose its zeros. */
export function isNumberForPandas(value: string): boolean {
  return (
    /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/iu.test(value) ||
    /^[+-]?(?:inf(?:inity)?|nan)$/iu.test(value.trim())
  )
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/u.test(text) && !Number.isNaN(Date.parse(text))
}
