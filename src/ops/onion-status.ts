/** What probes tell about the way to the onion. Never a moment, and nothing of who else uses it. */
export interface OnionStatus {
  /** `unknown`: no probe yet, or the intake is not there to be reached. */
  state: 'unknown' | 'reachable' | 'unreachable' | 'tor down'
  /** How often tor was asked to start anew, since ops started. */
  restarts: number
}
