import { SealingError } from './sealer.ts'

/** The person's wishes for the sending under way: continue, pause or cancel. */
export class SendingControl {
  readonly #changes = new EventTarget()
  #state: 'running' | 'paused' | 'cancelled' = 'running'
  #round = new AbortController()

  get isPaused(): boolean {
    return this.#state === 'paused'
  }

  get isCancelled(): boolean {
    return this.#state === 'cancelled'
  }

  pause(): void {
    if (this.#state === 'running') this.#change('paused')
  }

  resume(): void {
    if (this.#state === 'paused') this.#change('running')
  }

  cancel(): void {
    this.#change('cancelled')
  }

  /** Starts a round. Its signal fires when the person asks for something else. */
  newRound(): AbortSignal {
    this.#round = new AbortController()
    if (this.#state !== 'running') this.#round.abort()
    return this.#round.signal
  }

  /** @throws SealingError `CANCELLED` */
  async whenRunning(): Promise<void> {
    while (this.isPaused) await this.#changed()
    if (this.isCancelled) throw cancelled()
  }

  /** Waits for `result`, unless the person cancels first. @throws SealingError `CANCELLED` */
  async unlessCancelled<Result>(result: Promise<Result>): Promise<Result> {
    return await Promise.race([result, this.#whenCancelled()])
  }

  /** Waits for this time, or until the person acts or the network returns. */
  async sleep(ms: number, online: EventTarget): Promise<void> {
    if (this.#state !== 'running') return
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        online.removeEventListener('online', wake)
        this.#changes.removeEventListener('change', wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      online.addEventListener('online', wake)
      this.#changes.addEventListener('change', wake)
    })
  }

  #change(state: 'running' | 'paused' | 'cancelled'): void {
    this.#state = state
    if (state !== 'running') this.#round.abort()
    this.#changes.dispatchEvent(new Event('change'))
  }

  async #whenCancelled(): Promise<never> {
    while (!this.isCancelled) await this.#changed()
    throw cancelled()
  }

  #changed(): Promise<void> {
    return new Promise((resolve) =>
      this.#changes.addEventListener('change', () => resolve(), { once: true }),
    )
  }
}

function cancelled(): SealingError {
  return new SealingError('CANCELLED', 'sending was cancelled')
}
