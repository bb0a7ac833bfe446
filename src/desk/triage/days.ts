import type { Day } from '../../tip/edtf.ts'

const msPerDay = 86_400_000

/** The UTC day of an instant. */
export function dayOfInstant(instant: Date): Day {
  return instant.toISOString().slice(0, 10)
}

/**
 * Whole days from `from` to `to`; negative when `to` is earlier. Days of the years 0000 to 9999.
 */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((startOf(to) - startOf(from)) / msPerDay)
}

export function addDays(day: Day, days: number): Day {
  const moved = new Date(startOf(day) + days * msPerDay).toISOString()
  // Beyond 9999 and before 0000 a year has a sign and six digits: no tip is helped by that.
  return moved.startsWith('+')
    ? '9999-12-31'
    : moved.startsWith('-')
      ? '0000-01-01'
      : moved.slice(0, 10)
}

export function addHours(instant: string, hours: number): string {
  return `${new Date(Date.parse(instant) + hours * 3_600_000).toISOString().slice(0, 19)}Z`
}

function startOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`)
}
