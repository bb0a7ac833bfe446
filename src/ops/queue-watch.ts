export interface QueueWatch {
  /**
   * Whether the job that a worker takes next is the same as at the last call and no job is being
   * processed, so that no worker seems to take any.
   *
   * @param waiting the waiting jobs in the order of the list in Redis: workers take the last one
   * first.
   */
  isStuck(waiting: readonly string[], active: number): boolean
}

/** Remembers the next job of the queue from one step to the next. */
export function createQueueWatch(): QueueWatch {
  let earlier: string | null = null
  return {
    isStuck(waiting, active) {
      const next = active === 0 ? (waiting.at(-1) ?? null) : null
      const isSame = next !== null && next === earlier
      earlier = next
      return isSame
    },
  }
}
