/** The last one goes on for ever: ten minutes offline are nothing to give up for. */
const delaySeconds = [1, 2, 5, 10, 20, 30]

/** How long to wait before the next try, each time longer. */
export class Backoff {
  readonly #random: () => number
  #tries = 0

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  reset(): void {
    this.#tries = 0
  }

  /** Up to a quarter more or less: after an outage not everyone comes at once. */
  nextMs(): number {
    const seconds = delaySeconds[Math.min(this.#tries++, delaySeconds.length - 1)] ?? 0
    return seconds * 1000 * (0.75 + this.#random() / 2)
  }
}
