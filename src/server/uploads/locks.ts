interface Hold {
  stop: () => void
  released: Promise<void>
}

/**
 * One request at a time on each upload, and the newest wins: whoever holds the lock
 * or waits for it is told to stop. A connection that died without a word, as over
 * Tor, would else keep its upload locked until it times out.
 */
export class UploadLocks {
  readonly #newest = new Map<string, Hold>()
  readonly #held = new Set<Hold>()
  #isClosed = false

  isHeld(id: string): boolean {
    return this.#newest.has(id)
  }

  /** `stop` may be called before this resolves. @returns what releases the lock. */
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

  /** Stops all requests, those still to come too, and waits for those of now. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { stop } of this.#held) stop()
    await Promise.all([...this.#held].map(({ released }) => released))
  }
}
