const DAY_MS = 24 * 60 * 60 * 1000

/**
 * The midnight (UTC) after which an upload is removed if its last byte came on `day`: at least
 * `silentDays` whole days later, whatever the time of that last byte. So the day, which is all that
 * is ever written down, is enough to compute the expiry, even after a restart.
 */
export function expiryOf(day: Date, silentDays: number): Date {
  return new Date(day.getTime() + (silentDays + 1) * DAY_MS)
}
