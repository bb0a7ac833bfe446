import { type Circuit, SHARED } from '../fairness/circuit.ts'
import type { Entry } from '../fairness/slot.ts'

/** The properties of an unfinished upload that count towards the limits. */
export interface Counted {
  circuit: Circuit
  entry: Entry
  /** The announced length. */
  bytes: number
}

/** Share of the places that is kept for circuits without an unfinished upload. */
const NEWCOMERS_SHARE = 1 / 4

/** Share of the places for clients that provide no proof of work in a crowd. */
const UNPROVEN_SHARE = 1 / 8

/** The length that one circuit may announce in total, as a multiple of the largest envelope. */
const CIRCUIT_ENVELOPES = 2

export interface UnfinishedLimits {
  maxUnfinished: number
  circuitUnfinished: number
  maxBytes: number
}

/**
 * The limit that a new upload would exceed: that of its own circuit, that of clients without a
 * proof of work, or that of all uploads.
 */
export type Shortage = 'own' | 'unproven' | 'number'

/** @returns the limit that one more upload would exceed, or null. */
export function findShortage(
  uploads: readonly Counted[],
  asked: Counted,
  limits: UnfinishedLimits,
): Shortage | null {
  const { bytes, circuit, entry } = asked
  const own = circuit === SHARED ? [] : uploads.filter((upload) => upload.circuit === circuit)
  if (own.length >= limits.circuitUnfinished) return 'own'
  if (own.length > 0 && sumOf(own) + bytes > CIRCUIT_ENVELOPES * limits.maxBytes) return 'own'
  const unproven = uploads.filter((upload) => upload.entry === 'unproven').length
  const forUnproven = Math.ceil(limits.maxUnfinished * UNPROVEN_SHARE)
  if (entry === 'unproven' && unproven >= forUnproven) return 'unproven'
  const forNewcomers = own.length === 0 ? 0 : Math.floor(limits.maxUnfinished * NEWCOMERS_SHARE)
  const keptForUnproven = entry === 'proven' ? Math.max(0, forUnproven - unproven) : 0
  const isFull = uploads.length >= limits.maxUnfinished - forNewcomers - keptForUnproven
  return isFull ? 'number' : null
}

function sumOf(uploads: readonly Counted[]): number {
  return uploads.reduce((sum, { bytes }) => sum + bytes, 0)
}
