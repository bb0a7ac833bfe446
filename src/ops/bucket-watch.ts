/** What ops knows of a shared store. */
export interface BucketState {
  /** Whether it answered the last look. */
  isUp: boolean
  /** Number of objects that were found with wrong bytes, as of the last answer. */
  suspects: number
}

export interface BucketWatch {
  state(): BucketState
  stop: () => void
}

/** Each look is one request; the page and the alerts may ask far more often. */
const lookMs = 15_000

/** A store that takes longer than this to list an empty folder is reported as down. */
const patienceMs = 10_000

/** Looks at a shared store from time to time. Until the first answer it counts as up. */
export function watchBucket(store: { suspects(): Promise<number> }): BucketWatch {
  let state: BucketState = { isUp: true, suspects: 0 }
  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    const late = setTimeout(() => {
      state = { ...state, isUp: false }
    }, patienceMs)
    try {
      state = { isUp: true, suspects: await store.suspects() }
    } catch {
      state = { ...state, isUp: false }
    } finally {
      clearTimeout(late)
      isLooking = false
    }
  }
  const timer = setInterval(() => void look(), lookMs)
  timer.unref()
  void look()
  return { state: () => state, stop: () => clearInterval(timer) }
}
