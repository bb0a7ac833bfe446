import { roundUp } from '../coarsen.ts'
import type { FailedJob } from '../../queue/failed-jobs.ts'

/**
 * Enough digits to find the file with `tumen queue inspect` or in the folders, and too few to query
 * the intake.
 */
const shortReceiptDigits = 8

/** A job as it may be shown: as of the last step, with the day of its arrival but no time. */
export interface PublishedJob {
  id: string
  state: FailedJob['state']
  dayMs: number
  /**
   * Rounded up: there is one attempt a minute, so the exact number would reveal the time of
   * arrival.
   */
  attempts: number
  reason: string
}

export function publishJobs(jobs: readonly FailedJob[]): PublishedJob[] {
  return jobs.map(({ receipt, state, day, failedAttempts, reason }) => ({
    id: receipt.slice(0, shortReceiptDigits),
    state,
    dayMs: day.getTime(),
    attempts: roundUp(failedAttempts),
    reason,
  }))
}
