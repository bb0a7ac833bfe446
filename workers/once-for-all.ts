import type { Lease } from '../src/store/s3-lease.ts'

/** Decides whether this machine does the work that is done once for all machines. */
export interface OnceForAll {
  isMine: () => boolean
  /** Gives the work up, so that another machine can take it over at once. */
  close(): Promise<void>
}

const tendMs = 10_000

/**
 * @param options.chosen the value of `TUMEN_CHORES`, which decides if it is set.
 * @param options.lease decides otherwise; it is tended as long as this runs.
 */
export function onceForAll(options: { chosen: boolean | null; lease: Lease | null }): OnceForAll {
  const { chosen, lease } = options
  if (chosen !== null || lease === null)
    return { isMine: () => chosen ?? true, close: () => Promise.resolve() }
  let tending = lease.tend()
  const timer = setInterval(() => {
    tending = tending.then(() => lease.tend())
  }, tendMs)
  timer.unref()
  return {
    isMine: () => lease.isHeld(),
    async close() {
      clearInterval(timer)
      await tending
      await lease.release()
    },
  }
}
