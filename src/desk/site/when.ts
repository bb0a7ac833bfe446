const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * An EDTF date in ordinary words: `about Nov 2017`, `2 Nov 2017 or later`, `1 to 10 Nov 2017`. Text
 * that is not an EDTF date stays as it is.
 */
export function whenInWords(edtf: string | null | undefined): string {
  if (edtf === null || edtf === undefined || edtf === '') return ''
  if (edtf === 'unknown') return 'date not known'
  const [start = '', end] = edtf.split('/')
  if (end === undefined) return dateInWords(start)
  if (isOpen(start)) return `${dateInWords(end)} or earlier`
  if (isOpen(end)) return `${dateInWords(start)} or later`
  return `${shortStart(start, end)} to ${dateInWords(end)}`
}

const isOpen = (date: string) => date === '' || date === '..'

/** The start of a range, without the month and year that it shares with the end. */
function shortStart(start: string, end: string): string {
  const isPlainDay = (date: string) => /^\d{4}-\d\d-\d\d$/.test(date)
  if (!isPlainDay(start) || !isPlainDay(end) || start.slice(0, 4) !== end.slice(0, 4))
    return dateInWords(start)
  const [day, month] = dateInWords(start).split(' ')
  return start.slice(0, 7) === end.slice(0, 7) ? String(day) : `${day} ${month}`
}

function dateInWords(date: string): string {
  const [, year, month, day, mark = ''] =
    /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?([?~%])?$/.exec(date) ?? []
  if (year === undefined) return date
  const parts = [
    day === undefined ? '' : String(Number(day)),
    month === undefined ? '' : (months[Number(month) - 1] ?? month),
    year,
  ]
  const doubt = { '?': 'perhaps ', '~': 'about ', '%': 'perhaps about ' }[mark] ?? ''
  return doubt + parts.filter(Boolean).join(' ')
}

/** A day in words: `2017-11-18` becomes `18 Nov 2017`. */
export const dayInWords = (day: string): string => dateInWords(day)
