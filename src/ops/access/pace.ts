/** Lets one through at a time, so many a second, and turns away who would have to wait too long. */
export interface Pace {
  wait(go: () => void, turnAway: () => void): void
}

/** Four guesses a second at 256 bits; a person who mistypes does not notice. */
const gapMs = 250
/** Four seconds; and a quarter of the connections there are, so that others still come in. */
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
