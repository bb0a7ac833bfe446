/**
 * A lock with a shared and an exclusive mode. Waiters enter in order, so shared work that arrives
 * later never overtakes exclusive work.
 */
export class Gate {
  #inside = 0
  #isAlone = false
  #waiting: Array<{ alone: boolean; enter: () => void }> = []

  /** Runs `work` in shared mode: concurrently with other shared work, never with exclusive work. */
  together<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(false, work)
  }

  /** Runs `work` in exclusive mode: while no other work runs. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(true, work)
  }

  async #run<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    await this.#enter(alone)
    try {
      return await work()
    } finally {
      this.#inside -= 1
      this.#isAlone = false
      this.#admit()
    }
  }

  #enter(alone: boolean): Promise<void> {
    return new Promise((enter) => {
      this.#waiting.push({ alone, enter })
      this.#admit()
    })
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#isAlone || (next.alone && this.#inside > 0)) return
      this.#waiting.shift()
      this.#inside += 1
      this.#isAlone = next.alone
      next.enter()
    }
  }
}
