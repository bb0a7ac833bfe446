import { dayOf, isoOf, problemOfDate, startOf, type VagueDate } from './vague-date.ts'

/** @returns null when nothing was said, or what was said is no date. */
export function edtfOf(date: VagueDate, now: Date): string | null {
  if (problemOfDate(date) !== null) return null
  const [start, end] = [isoOf(startOf(date)), isoOf(date.end)]
  switch (date.choice) {
    case '':
      return null
    case 'unknown':
      return 'unknown'
    // The clock of Tor Browser is UTC: in Korea the day before it until nine in the morning.
    case 'today':
      return `${dayOf(now)}~`
    case 'yesterday':
      return `${dayOf(now, 1)}~`
    case 'day':
      return start || null
    case 'about_day':
    case 'about_month':
      return (start && `${start}~`) || null
    case 'since':
      return (start && `${start}/..`) || null
    case 'between':
      return start || end ? `${start}/${end}` : null
  }
}
