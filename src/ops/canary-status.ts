export interface CanaryStatus {
  state: 'ok' | 'late' | 'failed' | 'off'
  undelivered: number
  latencyBand: string | null
}
