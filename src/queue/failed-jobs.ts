import type { Job, Queue } from 'bullmq'

const jobStates = ['waiting', 'active', 'delayed', 'failed'] as const

export interface FailedJob {
  state: (typeof jobStates)[number]
  receipt: string
  /** Midnight UTC of the day on which it was queued. */
  day: Date
  failedAttempts: number
  /** Error code of the last failure, as the worker reported it. */
  reason: string
}

/**
 * Maximum of jobs inspected in each state. A failing job does not stay behind a million others for
 * long.
 */
const maxLooked = 100

const dayMs = 24 * 60 * 60 * 1000

/**
 * Finds failed jobs for an operator who looks for the cause. Jobs that never failed are not shown:
 * tips in progress should not be observed.
 */
export async function findFailedJobs(queue: Queue): Promise<FailedJob[]> {
  const found = await Promise.all(
    jobStates.map(async (state) => {
      const jobs: Array<Job | undefined> = await queue.getJobs(state, 0, maxLooked - 1)
      return jobs
        .filter((job) => job !== undefined)
        .filter(hasFailed)
        .slice(0, 1)
        .map((job) => describe(job, state))
    }),
  )
  return found.flat()
}

function hasFailed({ attemptsMade, failedReason }: Job): boolean {
  return attemptsMade > 0 || (failedReason ?? '') !== ''
}

function describe(job: Job, state: FailedJob['state']): FailedJob {
  const code = /^[A-Z][A-Z0-9_]{0,40}$/.exec(job.failedReason ?? '')
  return {
    state,
    receipt: job.id ?? '',
    day: new Date(Math.floor(job.timestamp / dayMs) * dayMs),
    failedAttempts: job.attemptsMade,
    reason: code === null ? 'UNKNOWN' : code[0],
  }
}
