import type { Circuit } from './circuit.ts'

/** `resumable`: cut off, it goes on where it was; `whole`: it would have to begin again. */
export type UploadKind = 'resumable' | 'whole'

/**
 * How an envelope came in: when nobody was asked for a proof of work, with one, or in a crowd
 * without.
 */
export type Entry = 'calm' | 'proven' | 'unproven'

export interface Upload {
  circuit: Circuit
  kind: UploadKind
  entry: Entry
  /** Bytes so far; null once all are there: what is left is ours to do, and nothing to cut. */
  receivedBytes: () => number | null
  /** Makes it end soon. */
  cut: () => void
}

/** Under this, an upload is no slow line but a held place: Tor gives a hundred times as much. */
const SLOW_BYTES_PER_SECOND = 512

/**
 * A circuit of Tor may stand still for a while; how long it may do so in a slot depends on how many
 * wait for one.
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

  /** Measured from one look to the next, no more often than makes sense over Tor. */
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
