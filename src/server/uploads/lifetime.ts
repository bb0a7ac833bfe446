/** An unfinished upload, as far as its end depends on it. */
export interface Unfinished {
  /** Bytes that have arrived. */
  offset: number
  lastByteMs: number
}

const MEBIBYTE = 1024 * 1024
const HOUR_MS = 60 * 60_000

/** Long enough for a client whose circuit broke to come back. */
const LEAST_SILENCE_MS = 2 * 60_000

/**
 * Whether an upload has been silent for too long to keep its place in a crowd. The allowed time
 * depends on its own bytes alone: an upload that is removed to make room for another one would tell
 * its owner that somebody else has come. A client that loses its upload sends again, in minutes,
 * what could have been silent for hours; an attacker who keeps a place must pay for it with bytes.
 */
export function isSilentTooLong({ offset, lastByteMs }: Unfinished, nowMs: number): boolean {
  return nowMs - lastByteMs >= LEAST_SILENCE_MS + (offset / MEBIBYTE) * HOUR_MS
}
