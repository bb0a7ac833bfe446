import type { Circuit } from './circuit.ts'

/**
 * `resumable`: after an interruption the upload continues at its last byte; `whole`: it has to
 * start from its first byte.
 */
export type UploadKind = 'resumable' | 'whole'

/**
 * How an envelope was admitted: `calm`, when no proof of work was required; `proven`, with one;
 * `unproven`, without one although the intake was crowded.
 */
export type Entry = 'calm' | 'proven' | 'unproven'

export interface Upload {
  circuit: Circuit
  kind: UploadKind
  entry: Entry
  /**
   * Bytes received so far; null once all have arrived: what remains is the server's work, and there
   * is nothing to cut.
   */
  receivedBytes: () => number | null
  /** Makes the upload end soon. */
  cut: () => void
}

/**
 * An upload below this rate is considered to occupy its slot without really sending: Tor is a
 * hundred times as fast.
 */
const SLOW_BYTES_PER_SECOND = 512

/**
 * A Tor circuit may stall for a while. How long an upload may stall in its slot depends on how many
 * uploads are waiting for one.
 */
const SLOW_AFTER_MS: Readonly<Record<UploadKind, number>> = { resumable: 10_000, whole: 20_000 }
const SLOW_AFTER_IN_A_CROWD_MS = 2_000

/** An upload that is being received. */
export class Slot {
  readonly upload: Upload
  readonly sinceMs: number
  isCut = false
  wasSlow = false
  #mark: { bytes: number; atMs: number }
  #isSlow = false

  constructor(upload: Upload, nowMs: number) {
    this.upload = upload
    this.sinceMs = nowMs
    this.#mark = { bytes: 0, atMs: nowMs }
  }

  get isReceiving(): boolean {
    return this.upload.receivedBytes() !== null
  }

  /**
   * Whether the upload is slow. The rate is measured between two calls, but not over intervals too
   * short to be meaningful over Tor.
   */
  isSlow(nowMs: number, isCrowd: boolean): boolean {
    const ms = nowMs - this.#mark.atMs
    if (ms < (isCrowd ? SLOW_AFTER_IN_A_CROWD_MS : SLOW_AFTER_MS[this.upload.kind]))
      return this.#isSlow
    const bytes = this.upload.receivedBytes() ?? Infinity
    this.#isSlow = (bytes - this.#mark.bytes) * 1000 < SLOW_BYTES_PER_SECOND * ms
    this.#mark = { bytes, atMs: nowMs }
    return this.#isSlow
  }

  cut(): void {
    this.isCut = true
    this.wasSlow = this.#isSlow
    this.upload.cut()
  }
}
