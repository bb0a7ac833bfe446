export interface BackoffOptions {
  firstMs: number
  maxMs: number
  /** A run at least this long counts as healthy and starts the count again. */
  stableMs: number
}

/** Quick after one crash, patient with what crashes at once, every time. */
export const defaultBackoff: BackoffOptions = { firstMs: 200, maxMs: 30_000, stableMs: 60_000 }

export interface Backoff {
  /** How long to wait before the next start, given how long the last run held. */
  nextDelayMs(ranMs: number): number
}

export function createBackoff(options: BackoffOptions): Backoff {
  let delayMs = options.firstMs
  return {
    nextDelayMs(ranMs) {
      if (ranMs >= options.stableMs) delayMs = options.firstMs
      const current = delayMs
      delayMs = Math.min(delayMs * 2, options.maxMs)
      return current
    },
  }
}
