/** How many uploads may be received at once. */
export class UploadSlots {
  readonly #max: number
  #taken = 0

  constructor(max: number) {
    this.#max = max
  }

  get isFull(): boolean {
    return this.#taken >= this.#max
  }

  /** Returns what gives the slot back (once, however often it is called); null when all are taken. */
  take(): (() => void) | null {
    if (this.isFull) return null
    this.#taken += 1
    let isHeld = true
    return () => {
      if (isHeld) this.#taken -= 1
      isHeld = false
    }
  }
}
