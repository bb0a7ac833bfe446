import { roundUp } from '../coarsen.ts'
import type { TroubledJob } from '../../queue/troubled.ts'

/**
 * Enough to find it with `tumen queue inspect` or in the folders, and too little to ask the intake
 * for it.
 */
const shortReceiptDigits = 8

/**
 * A job as it may be shown: as of the last step, without anything that tells when it came, its day
 * apart.
 */
export interface PublishedJob {
  id: string
  state: TroubledJob['state']
  dayMs: number
  /** Rounded up: attempts come one a minute, and would be a clock. */
  attempts: number
  reason: string
}

export function publishJobs(jobs: readonly TroubledJob[]): PublishedJob[] {
  return jobs.map(({ receipt, state, day, failedAttempts, reason }) => ({
    id: receipt.slice(0, shortReceiptDigits),
    state,
    dayMs: day.getTime(),
    attempts: roundUp(failedAttempts),
    reason,
  }))
}
