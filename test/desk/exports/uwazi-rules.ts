/**
 * Uwazi's published rules for a CSV import, from docs.uwazi.io (csv-import) and huridocs/uwazi app/api/csv, as a reader of
 * its own: rows come from csvtojson, which Uwazi itself uses.
 */
const days = /^\d{4}-\d{2}-\d{2}$/

export interface UwaziProblem {
  row: number
  column: string
  problem: string
}

export function checkUwaziRows(rows: readonly Record<string, string>[], vocabulary: ReadonlyMap<string, ReadonlySet<string>>, files: ReadonlySet<string>): UwaziProblem[] {
  return rows.flatMap((row, index) => Object.entries(row).flatMap(([column, value]) => {
    const problem = problemOf(column, value, vocabulary, files)
    return problem === null ? [] : [{ row: index, column, problem }]
  }))
}

function problemOf(column: string, value: string, vocabulary: ReadonlyMap<string, ReadonlySet<string>>, files: ReadonlySet<string>): string | null {
  if (column === 'id') return 'an id updates an entity and blanks what has no column'
  if (column === 'title') return value === '' ? 'a title is required' : null
  if (/^\s*[=+@\t\r]/.test(value) || /^\s*-(?!\d)/.test(value)) return 'a spreadsheet takes it for a formula'
  if (/[\r\n]/.test(value)) return 'more than one line'
  if (value === '') return null
  const words = vocabulary.get(column)
  if (words !== undefined) return value.split('|').every((word) => words.has(word)) ? null : 'not in the vocabulary: Uwazi would make it'
  switch (column) {
    case 'detained_range': {
      const [from = '', to = '', ...more] = value.split(':')
      return days.test(from) && days.test(to) && more.length === 0 && from <= to ? null : 'a range is two whole days'
    }
    case 'place_geolocation': {
      const [lat, lon, ...more] = value.split('|').map(Number)
      return more.length === 0 && Math.abs(lat ?? NaN) <= 90 && Math.abs(lon ?? NaN) <= 180 ? null : 'lat|lon'
    }
    case 'attachments': return value.split('|').every((name) => files.has(name)) ? null : 'a file that is not in the archive'
    case 'nationality': return null
    default: return value.includes('|') ? 'a bar parts the values of a list' : null
  }
}
