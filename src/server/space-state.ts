import { StoreError } from '../store/errors.ts'
import type { Clock } from '../time/clock.ts'
import { stepStart } from '../time/steps.ts'

/** `small only`: envelopes up to `SMALL_BYTES` are taken. */
export type SpaceLevel = 'open' | 'small only' | 'closed'

const LEVELS: readonly SpaceLevel[] = ['open', 'small only', 'closed']

const MEBIBYTE = 1024 * 1024

/** The size of a text with some pictures. */
export const SMALL_BYTES = 64 * MEBIBYTE

/** Below this there is no space for a tip without attachments. */
const CLOSED_BELOW_BYTES = 128 * 1024

/** Space reserved for small envelopes while a large one is being written. */
export const KEPT_FOR_SMALL_BYTES = 256 * MEBIBYTE

/** The level improves only when the free space exceeds the limit by this factor. */
const HYSTERESIS = 1.25

export interface SpaceParts {
  freeBytes: () => number
  /** The largest envelope, in bytes. */
  maxBytes: number
  stepMinutes: number
  clock: Clock
}

/**
 * Decides which lengths the intake accepts. The level changes only at the step boundaries at which
 * ops publishes its figures, and only when the disk is nearly full. If it followed the free space,
 * a stranger could measure every arriving tip by announcing lengths.
 */
export class SpaceState {
  readonly #parts: SpaceParts
  #level: SpaceLevel
  #step: number

  constructor(parts: SpaceParts) {
    this.#parts = parts
    this.#level = levelOf(parts.freeBytes(), parts.maxBytes)
    this.#step = this.#currentStep()
  }

  get level(): SpaceLevel {
    return this.#level
  }

  /** Updates the level once per step. To be called by a timer, never by a request. */
  look(): void {
    const step = this.#currentStep()
    if (step === this.#step) return
    this.#step = step
    const { freeBytes, maxBytes } = this.#parts
    const free = bytesOrNull(freeBytes)
    // Called by a timer, where an error would end the process. Every write checks the space itself.
    if (free === null) return
    const worst = levelOf(free, maxBytes)
    const best = levelOf(free / HYSTERESIS, maxBytes)
    if (rankOf(worst) > rankOf(this.#level)) this.#level = worst
    else if (rankOf(best) < rankOf(this.#level)) this.#level = best
  }

  /** Checks a length that was announced or that has arrived. @throws StoreError `NO_SPACE` */
  admit(bytes: number): void {
    if (this.#level === 'open' || (this.#level === 'small only' && bytes <= SMALL_BYTES)) return
    throw new StoreError('NO_SPACE', `envelopes of this length are not taken now: ${this.#level}`)
  }

  /**
   * Checks before more of an envelope is written, of which `bytes` have already arrived. Only a
   * large envelope whose bytes really arrive while the disk is full reaches this limit. @throws
   * StoreError `NO_SPACE`
   */
  admitMore(bytes: number): void {
    if (bytes <= SMALL_BYTES || this.#parts.freeBytes() >= KEPT_FOR_SMALL_BYTES) return
    throw new StoreError('NO_SPACE', 'the rest of the disk is kept for small envelopes')
  }

  #currentStep(): number {
    const { clock, stepMinutes } = this.#parts
    return stepStart(clock.now(), stepMinutes).getTime()
  }
}

/** Null if the file system does not answer. */
function bytesOrNull(freeBytes: () => number): number | null {
  try {
    return freeBytes()
  } catch {
    return null
  }
}

function levelOf(freeBytes: number, maxBytes: number): SpaceLevel {
  if (freeBytes < CLOSED_BELOW_BYTES) return 'closed'
  return freeBytes < maxBytes ? 'small only' : 'open'
}

function rankOf(level: SpaceLevel): number {
  return LEVELS.indexOf(level)
}
