/**
 * The last delay is repeated without end: a connection that is down for ten minutes is no reason to
 * give up.
 */
const delaySeconds = [1, 2, 5, 10, 20, 30]

/** Computes how long to wait before the next try. Each delay is longer than the one before. */
export class Backoff {
  readonly #random: () => number
  #tries = 0

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  reset(): void {
    this.#tries = 0
  }

  /**
   * Varies each delay by up to a quarter, so that not all pages return at the same moment after an
   * outage.
   */
  nextMs(): number {
    const seconds = delaySeconds[Math.min(this.#tries++, delaySeconds.length - 1)] ?? 0
    return seconds * 1000 * (0.75 + this.#random() / 2)
  }
}
