import type { Failover } from '../queue/failover.ts'

export interface FailoverWatch {
  /** Null for one Redis alone, and until the first answer. */
  state(): Failover | null
  stop: () => void
}

const lookMs = 15_000

/**
 * Asks from time to time whether another Redis could take over. While no master answers, the last
 * state stays: that is another problem, and the servers may be changing places just then.
 */
export function watchFailover(read: () => Promise<Failover | null>): FailoverWatch {
  let state: Failover | null = null
  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    state = await read().catch(() => state)
    isLooking = false
  }
  const timer = setInterval(() => void look(), lookMs)
  timer.unref()
  void look()
  return { state: () => state, stop: () => clearInterval(timer) }
}
