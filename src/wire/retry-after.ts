const maxSeconds = 600

/**
 * Seconds in a `Retry-After` header; null if it is absent or unreadable. Our intake sends seconds
 * and never a date. A wait of over ten minutes is shortened to ten minutes.
 */
export function readRetryAfter(header: string | null | undefined): number | null {
  return /^\d{1,6}$/.test(header ?? '') ? Math.min(Number(header), maxSeconds) : null
}
