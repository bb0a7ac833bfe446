/** What ops knows of a shared store. */
export interface BucketState {
  /** Whether it answered the last look. */
  isUp: boolean
  /** Whether it refused, for want of room, an object as large as the smallest tip. */
  isFull: boolean
  /** Number of objects that were found with wrong bytes, as of the last answer. */
  suspects: number
}

export interface BucketWatch {
  state(): BucketState
  stop: () => void
}

/** Each look is one request; the page and the alerts may ask far more often. */
const defaultLookMs = 15_000

/** Whether there is room is tried by writing, so less often. */
const looksPerRoomLook = 4

/** As large as a text-only tip, which has 64 KiB of padding and a header. */
const smallestTipBytes = 80 * 1024

/** A store that takes longer than this to list an empty folder is reported as down. */
const patienceMs = 10_000

/** Looks at a shared store from time to time. Until the first answer it counts as up. */
export function watchBucket(
  store: { suspects(): Promise<number>; hasRoom(bytes: number): Promise<boolean> },
  { lookMs = defaultLookMs }: { lookMs?: number } = {},
): BucketWatch {
  let state: BucketState = { isUp: true, isFull: false, suspects: 0 }
  let looks = 0
  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    const late = setTimeout(() => {
      state = { ...state, isUp: false }
    }, patienceMs)
    try {
      const suspects = await store.suspects()
      const isRoomLook = looks % looksPerRoomLook === 0 || state.isFull
      const isFull = isRoomLook ? !(await store.hasRoom(smallestTipBytes)) : state.isFull
      looks += 1
      state = { isUp: true, isFull, suspects }
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
