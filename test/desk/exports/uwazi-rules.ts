import csvtojson from 'csvtojson'

/**
 * Reimplements Uwazi's rules for a CSV import, after docs.uwazi.io (csv-import) and
 * huridocs/uwazi@849f7d9 app/api/csv (csv.ts, validateColumns.ts, importEntity.ts, typeParsers.ts,
 * csvDefinitions.ts) and app/shared/propertyNames.ts.
 */
const days = /^\d{4}-\d{2}-\d{2}$/

export interface UwaziProblem {
  row: number
  column: string
  problem: string
}

/**
 * Reads a CSV file with the library of `csv.ts`, which guesses the delimiter from the first line.
 */
export async function readUwaziCsv(csv: string): Promise<Record<string, string>[]> {
  return await csvtojson({ delimiter: [',', ';'], flatKeys: true }).fromString(csv)
}

/** The errors that `validateColumns.ts` throws before it imports any row. */
export function checkUwaziColumns(
  columns: readonly string[],
  site: { languages: readonly string[]; defaultLanguage: string },
): string[] {
  const translated = columns.flatMap((column) => {
    const [, name, language] = /^(.+)__([a-z]+)$/u.exec(column) ?? []
    return name !== undefined && language !== undefined && site.languages.includes(language)
      ? [{ name, language }]
      : []
  })
  const names = [...new Set(translated.map(({ name }) => name))]
  return names.flatMap((name) => [
    ...(columns.includes(name) ? [`${name}: mixes language and non-language columns`] : []),
    ...(translated.some((each) => each.name === name && each.language === site.defaultLanguage)
      ? []
      : [`${name}: no default language column`]),
    ...(name === 'summary' ? [] : [`${name}: does not support languages`]),
  ])
}

export function checkUwaziRows(
  rows: readonly Record<string, string>[],
  vocabulary: ReadonlyMap<string, ReadonlySet<string>>,
  files: ReadonlySet<string>,
): UwaziProblem[] {
  return rows.flatMap((row, index) =>
    Object.entries(row).flatMap(([column, value]) => {
      const problem = problemOf(column, value, vocabulary, files)
      return problem === null ? [] : [{ row: index, column, problem }]
    }),
  )
}

function problemOf(
  column: string,
  value: string,
  vocabulary: ReadonlyMap<string, ReadonlySet<string>>,
  files: ReadonlySet<string>,
): string | null {
  if (column === 'id') return 'an id updates an entity and blanks what has no column'
  if (column === 'title') return value === '' ? 'a title is required' : null
  if (/^\s*[=+@\t\r]/.test(value) || /^\s*-(?!\d)/.test(value))
    return 'a spreadsheet takes it for a formula'
  if (/[\r\n]/.test(value)) return 'more than one line'
  if (/<[a-z/!?]/i.test(value)) return 'HTML, for a rich text'
  if (value === '') return null
  const words = vocabulary.get(column)
  if (words !== undefined) {
    // `::` separates a group from its member.
    if (value.includes('::')) return 'a group of the select'
    return value.split('|').every((word) => words.has(word))
      ? null
      : 'not in the vocabulary: Uwazi would make it'
  }
  switch (column) {
    case 'detained_range': {
      // `parseDateRange`: of its formats, only this one means the same under every setting of the
      // site.
      const [from = '', to = '', ...more] = value.split(':')
      const isDay = (text: string) => text === '' || days.test(text)
      const isOpen = from === '' || to === ''
      return isDay(from) &&
        isDay(to) &&
        value !== ':' &&
        more.length === 0 &&
        (isOpen || from <= to)
        ? null
        : 'a range is two whole days, one of which may be left out'
    }
    case 'place_geolocation': {
      const [lat, lon, ...more] = value.split('|').map(Number)
      return more.length === 0 && Math.abs(lat ?? NaN) <= 90 && Math.abs(lon ?? NaN) <= 180
        ? null
        : 'lat|lon'
    }
    case 'attachments':
      return value.split('|').every((name) => files.has(name))
        ? null
        : 'a file that is not in the archive'
    case 'nationality':
      return null
    default:
      return value.includes('|') ? 'a bar parts the values of a list' : null
  }
}

/** `generateName`: Uwazi's name for a property with this label and type. */
export function propertyNameOf({ label, type }: { label: string; type: string }): string {
  const name = label
    .trim()
    .replace(/[^a-z0-9]/giu, '_')
    .toLowerCase()
  return type === 'Geolocation' ? `${name}_geolocation` : name
}

/** The columns that `toMetadata` does not read, because no property has their name. */
export function droppedColumns(
  columns: readonly string[],
  properties: readonly string[],
): string[] {
  const read = new Set(['title', 'file', 'attachments', 'id', ...properties])
  return columns.filter((column) => !read.has(column.replace(/__[a-z]+$/u, '')))
}
