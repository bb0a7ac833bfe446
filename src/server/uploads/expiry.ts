const DAY_MS = 24 * 60 * 60 * 1000

/**
 * The midnight (UTC) after which an upload goes whose last byte came on `day`: at least
 * `silentDays` whole days later, whenever on that day it was. So the day, all
 * that is ever written down, is enough to know it, after a restart too.
 */
export function expiryOf(day: Date, silentDays: number): Date {
  return new Date(day.getTime() + (silentDays + 1) * DAY_MS)
}
