import { type Circuit, SHARED } from '../fairness/circuit.ts'
import type { Unfinished } from './choose-unfinished.ts'

/** The rest stays for envelopes that come in one go: announcing costs nothing, and must not close that door. */
const MAX_SHARE_OF_SPACE = 0.75

/** Of that, what large ones may not take: a text with some pictures finds room however much is announced. */
const SMALL_BYTES = 64 * 1024 * 1024
const LARGE_SHARE = 2 / 3

/** Of that, one circuit may have this much, or a single upload of any length. */
const CIRCUIT_SHARE = 1 / 4

/** Of the number, what is for circuits that have none unfinished. */
const NEWCOMERS_SHARE = 1 / 4

export interface RoomLimits {
  maxUnfinished: number
  circuitUnfinished: number
}

/** What stands in the way: something of the circuit's own, or of all; by number or by bytes. */
export type Shortage = 'own' | 'number' | 'bytes'

/** Whether one more fits, and what does not. */
export function findShortage(
  uploads: readonly Unfinished[], asked: { bytes: number; circuit: Circuit; freeBytes: number }, limits: RoomLimits,
): Shortage | null {
  const { bytes, circuit } = asked
  const own = uploads.filter((upload) => upload.circuit === circuit)
  const announcedBytes = sumOf(uploads)
  const roomBytes = (asked.freeBytes + announcedBytes) * MAX_SHARE_OF_SPACE
  if (circuit !== SHARED && own.length > 0) {
    if (own.length >= limits.circuitUnfinished || sumOf(own) + bytes > roomBytes * CIRCUIT_SHARE) return 'own'
  }
  const keptForNewcomers = own.length === 0 || circuit === SHARED ? 0 : Math.floor(limits.maxUnfinished * NEWCOMERS_SHARE)
  if (uploads.length >= limits.maxUnfinished - keptForNewcomers) return 'number'
  const isLarge = bytes > SMALL_BYTES && uploads.length > 0
  const largeBytes = sumOf(uploads.filter((upload) => upload.bytes > SMALL_BYTES))
  if (isLarge && largeBytes + bytes > roomBytes * LARGE_SHARE) return 'bytes'
  return announcedBytes + bytes > roomBytes ? 'bytes' : null
}

function sumOf(uploads: readonly Unfinished[]): number {
  return uploads.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** How much each circuit has of what is short. */
export function weigher(uploads: readonly Unfinished[], shortage: Shortage): (circuit: Circuit) => number {
  const weights = new Map<Circuit, number>()
  for (const { circuit, bytes } of uploads) weights.set(circuit, (weights.get(circuit) ?? 0) + (shortage === 'bytes' ? bytes : 1))
  return (circuit) => weights.get(circuit) ?? 0
}
