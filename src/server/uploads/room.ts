import { type Circuit, SHARED } from '../fairness/circuit.ts'
import type { Entry } from '../fairness/slot.ts'
import type { Unfinished } from './choose-unfinished.ts'

/**
 * The rest stays for envelopes that come in one go: announcing costs nothing, and must not close
 * that door.
 */
const MAX_SHARE_OF_SPACE = 0.75

/**
 * Of that, what large ones may not take: a text with some pictures finds room however much is
 * announced.
 */
const SMALL_BYTES = 64 * 1024 * 1024
const LARGE_SHARE = 2 / 3

/** Of that, one circuit may have this much, or a single upload of any length. */
const CIRCUIT_SHARE = 1 / 4

/** Of the number, what is for circuits that have none unfinished. */
const NEWCOMERS_SHARE = 1 / 4

/**
 * In a crowd, what is for those who were asked for no proof of work: so much of the number, and of
 * the room no more than that.
 */
const UNPROVEN_SHARE = 1 / 8

export interface RoomLimits {
  maxUnfinished: number
  circuitUnfinished: number
}

/**
 * What stands in the way: something of the circuit's own, of those without a proof, or of all; by
 * number or by bytes.
 */
export type Shortage = 'own' | 'unproven' | 'number' | 'bytes'

/** Whether one more fits, and what does not. */
export function findShortage(
  uploads: readonly Unfinished[],
  asked: { bytes: number; circuit: Circuit; entry: Entry; freeBytes: number },
  limits: RoomLimits,
): Shortage | null {
  const { bytes, circuit, entry } = asked
  const own = uploads.filter((upload) => upload.circuit === circuit)
  const announcedBytes = sumOf(uploads)
  const roomBytes = (asked.freeBytes + announcedBytes) * MAX_SHARE_OF_SPACE
  if (circuit !== SHARED && own.length > 0) {
    if (own.length >= limits.circuitUnfinished || sumOf(own) + bytes > roomBytes * CIRCUIT_SHARE)
      return 'own'
  }
  const unproven = uploads.filter((upload) => upload.entry === 'unproven')
  const maxUnproven = Math.ceil(limits.maxUnfinished * UNPROVEN_SHARE)
  if (entry === 'unproven') {
    if (unproven.length >= maxUnproven || sumOf(unproven) + bytes > roomBytes * UNPROVEN_SHARE)
      return 'unproven'
  }
  const keptForNewcomers =
    own.length === 0 || circuit === SHARED ? 0 : Math.floor(limits.maxUnfinished * NEWCOMERS_SHARE)
  const keptForUnproven = entry === 'proven' ? Math.max(0, maxUnproven - unproven.length) : 0
  if (uploads.length >= limits.maxUnfinished - keptForNewcomers - keptForUnproven) return 'number'
  const isLarge = bytes > SMALL_BYTES && uploads.length > 0
  const largeBytes = sumOf(uploads.filter((upload) => upload.bytes > SMALL_BYTES))
  if (isLarge && largeBytes + bytes > roomBytes * LARGE_SHARE) return 'bytes'
  return announcedBytes + bytes > roomBytes ? 'bytes' : null
}

/**
 * With a proof of work and without, nobody takes from the other; what came before the crowd yields
 * to both.
 */
export function mayMakeRoom(upload: Entry, newcomer: Entry, shortage: Shortage): boolean {
  if (shortage === 'unproven') return upload === 'unproven'
  return upload === newcomer || upload === 'calm' || newcomer === 'calm'
}

function sumOf(uploads: readonly Unfinished[]): number {
  return uploads.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** How much each circuit has of what is short. */
export function weigher(
  uploads: readonly Unfinished[],
  shortage: Shortage,
): (circuit: Circuit) => number {
  const weights = new Map<Circuit, number>()
  for (const { circuit, bytes } of uploads)
    weights.set(circuit, (weights.get(circuit) ?? 0) + (shortage === 'bytes' ? bytes : 1))
  return (circuit) => weights.get(circuit) ?? 0
}
