/**
 * Steps of the wall clock, counted from 1970 in UTC: the finest time with which anything about the
 * traffic is recorded or published.
 */
const minuteMs = 60_000

/** The step boundary at or before a moment. */
export function stepStart(moment: Date, stepMinutes: number): Date {
  const stepMs = stepMinutes * minuteMs
  return new Date(Math.floor(moment.getTime() / stepMs) * stepMs)
}
