import { BaseAdapter } from '@bull-board/api/dist/queueAdapters/base.js'
import type {
  JobCounts,
  JobStatus,
  QueueJob,
  QueueJobJson,
  QueueMetrics,
  Status,
} from '@bull-board/api/dist/types.js'
import { STORE_QUEUE } from '../../queue/store-queue.ts'
import type { QueueCounts } from '../../queue/store-queue.ts'
import { stepText } from '../dashboard/page.ts'
import type { PublishedJob } from './published.ts'

/** The queue as the published figures show it; null when unknown. */
export interface PublishedQueue {
  counts: QueueCounts
  jobs: readonly PublishedJob[]
}

export type ReadPublished = () => PublishedQueue | null

const states = ['waiting', 'active', 'delayed', 'failed'] as const satisfies readonly JobStatus[]

/**
 * Gives Bull Board the published figures and nothing else. The board's own adapter for BullMQ would
 * show every job with its times in milliseconds. This adapter has no connection to Redis, so
 * neither this nor a later version of the board can get more exact data.
 */
export class CoarseAdapter extends BaseAdapter {
  readonly #read: ReadPublished

  constructor(read: ReadPublished, stepMinutes: number) {
    super('bullmq', {
      readOnlyMode: true,
      allowRetries: false,
      displayName: 'Tips to be stored',
      description: `As of the last step (${stepText(stepMinutes)}). Counts are rounded up to 10, 100, 1000 …; of the jobs that have failed before, one of each state is shown, with its day.`,
    })
    this.#read = read
    this.setVisibilityGuard(() => read() !== null)
  }

  getName(): string {
    return STORE_QUEUE
  }
  getStatuses(): Status[] {
    return ['latest', ...states]
  }
  getJobStatuses(): JobStatus[] {
    return [...states]
  }

  async getJobCounts(): Promise<JobCounts> {
    const { waiting, active, delayed, failed } = this.#read()?.counts ?? {
      waiting: 0,
      active: 0,
      delayed: 0,
      failed: 0,
    }
    return {
      waiting,
      active,
      delayed,
      failed,
      completed: 0,
      paused: 0,
      prioritized: 0,
      'waiting-children': 0,
      latest: 0,
    }
  }

  async getJobs(statuses: JobStatus[], start = 0): Promise<QueueJob[]> {
    if (start > 0) return []
    return this.#jobs()
      .filter(({ state }) => statuses.includes(state))
      .map(queueJob)
  }

  async getJob(id: string): Promise<QueueJob | undefined> {
    return this.#jobs()
      .filter((job) => job.id === id)
      .map(queueJob)[0]
  }

  #jobs(): readonly PublishedJob[] {
    return this.#read()?.jobs ?? []
  }

  // Values that do not exist here, or that must not be shown.
  async getJobLogs(): Promise<string[]> {
    return []
  }
  async getMetrics(): Promise<QueueMetrics> {
    return { meta: { count: 0, prevTS: 0, prevCount: 0 }, data: [], count: 0 }
  }
  async getRedisInfo(): Promise<null> {
    return null
  }
  async isPaused(): Promise<boolean> {
    return false
  }
  async getJobSchedulers(): Promise<[]> {
    return []
  }
  async getJobSchedulersCount(): Promise<number> {
    return 0
  }
  async getGlobalConcurrency(): Promise<null> {
    return null
  }

  // No route calls these.
  async clean(): Promise<never> {
    return refuse()
  }
  async addJob(): Promise<never> {
    return refuse()
  }
  async pause(): Promise<never> {
    return refuse()
  }
  async resume(): Promise<never> {
    return refuse()
  }
  async empty(): Promise<never> {
    return refuse()
  }
  async obliterate(): Promise<never> {
    return refuse()
  }
  async promoteAll(): Promise<never> {
    return refuse()
  }
  async removeJobScheduler(): Promise<never> {
    return refuse()
  }
  async updateJobScheduler(): Promise<never> {
    return refuse()
  }
  async runJobSchedulerNow(): Promise<never> {
    return refuse()
  }
  async setGlobalConcurrency(): Promise<never> {
    return refuse()
  }
}

function refuse(): never {
  throw new Error('this board only shows')
}

function queueJob(job: PublishedJob): QueueJob {
  const shown: QueueJobJson = {
    id: job.id,
    name: STORE_QUEUE,
    progress: 0,
    attemptsMade: job.attempts,
    timestamp: job.dayMs,
    failedReason: job.reason,
    stacktrace: [],
    data: null,
    returnvalue: null,
    opts: {},
  }
  return {
    opts: {},
    toJSON: () => shown,
    getState: async () => job.state,
    promote: async () => refuse(),
    remove: async () => refuse(),
    retry: async () => refuse(),
  }
}
