/**
 * What one circuit may have, and all together. `SHARED` has what all may have together, or
 * `sharedFactor` times a rate.
 */
export interface FairnessLimits {
  /** Connections at once. */
  maxConnections: number
  circuitConnections: number
  /** Uploads received at once. */
  maxUploads: number
  circuitUploads: number
  /** Uploads begun with tus and not finished. */
  circuitUnfinished: number
  /** Requests a minute. */
  circuitRequests: number
  /** New envelopes in ten minutes. */
  circuitEnvelopes: number
  /** How long an upload waits for a slot before it is told to come again. */
  waitMs: number
}

/** Everything without a circuit is many people: as many as this. */
export const sharedFactor = 1000

/** For tests and measurements that look at something else. */
export function limitsFor(
  maxUploads: number,
  others: Partial<FairnessLimits> = {},
): FairnessLimits {
  return {
    maxConnections: 1024,
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
