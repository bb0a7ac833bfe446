/**
 * What the canary tells about the last tip that ops sent to itself. Only bands and states, never a
 * moment.
 */
export interface CanaryStatus {
  /**
   * `ok`: the last one arrived. `late`: it is over its time. `failed`: it could not be sent, or is given up.
   */
  state: 'ok' | 'late' | 'failed' | 'off'
  /** Canaries that were sent and did not arrive. */
  undelivered: number
  /** From sending to the vault, such as `under 1 min`; null before the first arrived. */
  latencyBand: string | null
}
