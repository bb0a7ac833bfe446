/**
 * Limits for one circuit (`circuit…`) and for all together (`max…`). `SHARED` has the limits of all
 * together, or `sharedFactor` times a circuit's rate.
 */
export interface FairnessLimits {
  /** Simultaneous connections. */
  maxConnections: number
  /** Connections that wait for a place. */
  maxWaiting: number
  circuitConnections: number
  /** Uploads that are received at the same time. */
  maxUploads: number
  circuitUploads: number
  /** Unfinished tus uploads. */
  circuitUnfinished: number
  /** Requests per minute. */
  circuitRequests: number
  /** New envelopes per ten minutes. */
  circuitEnvelopes: number
  /** How long an upload waits for a slot before it is refused and asked to retry. */
  waitMs: number
}

/**
 * Maximum of waiting connections over all circuits; each costs a descriptor and a few kilobytes.
 */
export const MAX_WAITING = 4096

/** Clients without a circuit share one name, and are given the rate of this many circuits. */
export const sharedFactor = 1000

/** Limits for tests and measurements that do not concern fairness. */
export function limitsFor(
  maxUploads: number,
  others: Partial<FairnessLimits> = {},
): FairnessLimits {
  return {
    maxConnections: 1024,
    maxWaiting: MAX_WAITING,
    circuitConnections: 256,
    maxUploads,
    circuitUploads: Math.ceil(maxUploads / 2),
    circuitUnfinished: 64,
    circuitRequests: 1_000_000,
    circuitEnvelopes: 1_000_000,
    waitMs: 50,
    ...others,
  }
}
