/**
 * Lets one caller through at a time at a fixed rate, and rejects those that would have to wait too
 * long.
 */
export interface Pace {
  wait(go: () => void, turnAway: () => void): void
}

/** Four guesses a second against 256 bits. A person who mistypes the token does not notice. */
const gapMs = 250
/**
 * A wait of four seconds at most, and a quarter of all connections, so that other clients still get
 * one.
 */
const maxWaiting = 16

export function createPace(options: { gapMs?: number; maxWaiting?: number } = {}): Pace {
  const gap = options.gapMs ?? gapMs
  const most = options.maxWaiting ?? maxWaiting
  let waiting = 0
  let freeAt = 0
  return {
    wait(go, turnAway) {
      if (waiting >= most) return turnAway()
      const now = performance.now()
      freeAt = Math.max(freeAt, now) + gap
      waiting += 1
      setTimeout(() => {
        waiting -= 1
        go()
      }, freeAt - now).unref()
    },
  }
}
