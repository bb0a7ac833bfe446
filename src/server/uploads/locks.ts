interface Hold {
  stop: () => void
  released: Promise<void>
}

/**
 * Allows one request at a time on each upload. The newest request wins: the request that holds the
 * lock, or is already waiting for it, is stopped. A connection that broke unnoticed, as happens
 * over Tor, would otherwise keep its upload locked until it times out.
 */
export class UploadLocks {
  readonly #newest = new Map<string, Hold>()
  readonly #held = new Set<Hold>()
  #isClosed = false

  isHeld(id: string): boolean {
    return this.#newest.has(id)
  }

  /** `stop` may be called before this resolves. @returns a function that releases the lock. */
  async acquire(id: string, stop: () => void): Promise<() => void> {
    const before = this.#newest.get(id)
    const { promise: released, resolve } = Promise.withResolvers<void>()
    const hold: Hold = { stop, released }
    this.#newest.set(id, hold)
    this.#held.add(hold)
    if (this.#isClosed) stop()
    before?.stop()
    await before?.released
    return () => {
      if (this.#newest.get(id) === hold) this.#newest.delete(id)
      this.#held.delete(hold)
      resolve()
    }
  }

  /** Stops all requests, including future ones, and waits for the current ones to end. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { stop } of this.#held) stop()
    await Promise.all([...this.#held].map(({ released }) => released))
  }
}
