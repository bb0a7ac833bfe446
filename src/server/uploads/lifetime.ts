/** The properties of an unfinished upload that determine when it is removed. */
export interface Unfinished {
  /** Bytes that have arrived. */
  offset: number
  lastByteMs: number
}

const MEBIBYTE = 1024 * 1024
const HOUR_MS = 60 * 60_000

/** Long enough for a client to return after its circuit broke. */
const LEAST_SILENCE_MS = 2 * 60_000

/**
 * Whether an upload has been silent for too long to keep its place in a crowd. The allowed time
 * depends only on the upload's own bytes: if an upload were removed to make room for another one,
 * its owner would learn that somebody else has come. A client that loses its upload sends again,
 * within minutes, as many bytes as would have allowed it hours of silence; an attacker who wants to
 * keep a place must pay for it with bytes.
 */
export function isSilentTooLong({ offset, lastByteMs }: Unfinished, nowMs: number): boolean {
  return nowMs - lastByteMs >= LEAST_SILENCE_MS + (offset / MEBIBYTE) * HOUR_MS
}
