/**
 * A lock with a shared and an exclusive mode. Waiters enter in order, so shared work that arrives
 * later never overtakes exclusive work.
 */
export class SharedLock {
  #inside = 0
  #isExclusive = false
  #waiting: Array<{ isExclusive: boolean; enter: () => void }> = []

  /** Runs `work` in shared mode: concurrently with other shared work, never with exclusive work. */
  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(false, work)
  }

  /** Runs `work` in exclusive mode: while no other work runs. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(true, work)
  }

  async #run<T>(isExclusive: boolean, work: () => Promise<T>): Promise<T> {
    await this.#enter(isExclusive)
    try {
      return await work()
    } finally {
      this.#inside -= 1
      this.#isExclusive = false
      this.#admit()
    }
  }

  #enter(isExclusive: boolean): Promise<void> {
    return new Promise((enter) => {
      this.#waiting.push({ isExclusive, enter })
      this.#admit()
    })
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#isExclusive || (next.isExclusive && this.#inside > 0)) return
      this.#waiting.shift()
      this.#inside += 1
      this.#isExclusive = next.isExclusive
      next.enter()
    }
  }
}
