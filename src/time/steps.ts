/**
 * Steps of the wall clock, counted from 1970 in UTC: the finest time at which
 * anything about the traffic is written down or published.
 */
const minuteMs = 60_000

/** The boundary at or before a moment. */
export function stepStart(moment: Date, stepMinutes: number): Date {
  const stepMs = stepMinutes * minuteMs
  return new Date(Math.floor(moment.getTime() / stepMs) * stepMs)
}
