export interface BackoffOptions {
  firstMs: number
  maxMs: number
  /** A run of at least this length counts as healthy and resets the delay. */
  stableMs: number
}

/** Restarts quickly after a single crash, and slowly if a process crashes immediately each time. */
export const defaultBackoff: BackoffOptions = { firstMs: 200, maxMs: 30_000, stableMs: 60_000 }

export interface Backoff {
  /** The delay before the next start, given how long the last run lasted. */
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
