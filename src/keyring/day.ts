/** Calendar days (UTC) as `YYYY-MM-DD`: they sort as text. */
export type Day = string

const pattern = /^\d{4}-\d{2}-\d{2}$/

/** Whether the text is a day the calendar has: no 30 February, no 2027-02-29. */
export function isDay(text: string): boolean {
  if (!pattern.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text
}

export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
