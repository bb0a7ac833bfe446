import type { PassingProblem } from '../../wire/problem-codes.ts'
import type { SendingPhase, SendingProgress } from './sealer.ts'

const rateSeconds = 10
/** A rate measured over a shorter time is meaningless. */
const minRateSeconds = 1
const reportsPerSecond = 4

interface Sample {
  seconds: number
  bytes: number
}

/** Reports progress: a new phase immediately, new figures a few times a second. */
export class ProgressMeter {
  readonly #report: (progress: SendingProgress) => void
  readonly #now: () => number
  readonly #timer: ReturnType<typeof setInterval>
  #phase: SendingPhase
  #doneBytes = 0
  #totalBytes: number
  #interruptions = 0
  #problem: PassingProblem | null = null
  #samples: Sample[] = []
  #isNew = true

  /** @param now a clock in milliseconds with any starting point */
  constructor(
    phase: SendingPhase,
    totalBytes: number,
    report: (progress: SendingProgress) => void,
    now: () => number,
  ) {
    this.#phase = phase
    this.#totalBytes = totalBytes
    this.#report = report
    this.#now = now
    this.#timer = setInterval(() => this.#reportIfNew(), 1000 / reportsPerSecond)
    this.#reportIfNew()
  }

  enter(
    phase: SendingPhase,
    totalBytes = this.#totalBytes,
    problem: PassingProblem | null = null,
  ): void {
    const isSame =
      phase === this.#phase && totalBytes === this.#totalBytes && problem === this.#problem
    if (isSame) return
    this.#problem = problem
    if (phase !== 'finishing') this.#samples = []
    this.#phase = phase
    this.#totalBytes = totalBytes
    this.#isNew = true
    this.#reportIfNew()
  }

  done(bytes: number): void {
    // After an interruption the server may have fewer bytes than were sent.
    if (bytes < this.#doneBytes) this.#samples = []
    this.#doneBytes = bytes
    this.#isNew = true
  }

  interrupted(): void {
    this.#interruptions += 1
    this.#isNew = true
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #reportIfNew(): void {
    if (this.#phase === 'sending' || this.#phase === 'preparing') this.#sample()
    if (!this.#isNew) return
    this.#isNew = false
    const bytesPerSecond = this.#rate()
    const leftBytes = this.#totalBytes - this.#doneBytes
    this.#report({
      phase: this.#phase,
      doneBytes: this.#doneBytes,
      totalBytes: this.#totalBytes,
      interruptions: this.#interruptions,
      problem: this.#problem,
      bytesPerSecond,
      secondsLeft:
        bytesPerSecond === null || bytesPerSecond === 0 ? null : leftBytes / bytesPerSecond,
    })
  }

  #sample(): void {
    const seconds = this.#now() / 1000
    const last = this.#samples.at(-1)
    // While no bytes are sent the rate falls, and the new rate is reported.
    if (last && seconds - last.seconds >= 1) this.#isNew = true
    if (last && !this.#isNew) return
    this.#samples = [
      ...this.#samples.filter((sample) => seconds - sample.seconds <= rateSeconds),
      { seconds, bytes: this.#doneBytes },
    ]
  }

  #rate(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (!first || !last || last.seconds - first.seconds < minRateSeconds) return null
    return (last.bytes - first.bytes) / (last.seconds - first.seconds)
  }
}
