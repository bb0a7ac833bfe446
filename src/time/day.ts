/** A calendar day in UTC as `YYYY-MM-DD`. Days sort as text. */
export type Day = string

const msPerDay = 86_400_000
const pattern = /^\d{4}-\d{2}-\d{2}$/

/** Whether the text is a day that exists in the calendar: 30 February and 2027-02-29 do not. */
export function isDay(text: string): boolean {
  if (!pattern.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text
}

/** The UTC day of an instant. */
export function dayOfInstant(instant: Date): Day {
  return instant.toISOString().slice(0, 10)
}

/** Midnight UTC of the day of an instant. No finer time is ever stored. */
export function midnightOf(instant: Date): Date {
  return new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth(), instant.getUTCDate()))
}

/** The day `days` later, or earlier if negative. Never before 0000-01-01 or after 9999-12-31. */
export function addDays(day: Day, days: number): Day {
  const moved = new Date(startOf(day) + days * msPerDay).toISOString()
  // ISO 8601 text for years outside this range has a sign and six digits of the year.
  if (moved.startsWith('+')) return '9999-12-31'
  return moved.startsWith('-') ? '0000-01-01' : moved.slice(0, 10)
}

/** Whole days from `from` to `to`; negative when `to` is earlier. Years 0000 to 9999. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((startOf(to) - startOf(from)) / msPerDay)
}

/** An ISO 8601 instant, to the second, `hours` later. */
export function addHours(instant: string, hours: number): string {
  return `${new Date(Date.parse(instant) + hours * 3_600_000).toISOString().slice(0, 19)}Z`
}

function startOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`)
}
