import type { Circuit } from '../fairness/circuit.ts'
import type { Entry } from '../fairness/slot.ts'

/** An unfinished upload, as far as it matters for who makes room. */
export interface Unfinished {
  circuit: Circuit
  entry: Entry
  /** Announced. */
  bytes: number
  /** Of them there. */
  offset: number
  createdMs: number
  lastByteMs: number
  /** Being received, or asked about. */
  isBusy: boolean
}

/**
 * An upload that has hardly begun and fell silent makes room for anyone: who loses it loses
 * seconds.
 */
const HARDLY_BEGUN_BYTES = 1024 * 1024
const HARDLY_BEGUN_MS = 15 * 60 * 1000

/**
 * For a circuit that has less, others make room sooner: time is earned with bytes, by what Tor
 * gives at its slowest.
 */
const EARNED_BYTES_PER_MS = 16
const GRACE_MS = 15_000
const BUSY_GRACE_MS = 45_000

/**
 * The upload that is removed for another one, or null. `weightOf`: what each circuit has of what is
 * short.
 */
export function chooseUnfinished<T extends Unfinished>(
  uploads: readonly T[],
  newcomerWeight: number,
  look: { nowMs: number; weightOf: (circuit: Circuit) => number },
): T | null {
  const { nowMs, weightOf } = look
  const forgotten = uploads.filter(
    ({ offset, lastByteMs, isBusy }) =>
      !isBusy && offset < HARDLY_BEGUN_BYTES && nowMs - lastByteMs >= HARDLY_BEGUN_MS,
  )
  if (forgotten.length > 0) return firstBy(forgotten, ({ lastByteMs }) => lastByteMs)
  const owing = uploads.filter(
    (upload) => weightOf(upload.circuit) > newcomerWeight && owedMs(upload, nowMs) > 0,
  )
  const most = Math.max(...owing.map(({ circuit }) => weightOf(circuit)))
  return firstBy(
    owing.filter(({ circuit }) => weightOf(circuit) === most),
    (upload) => -owedMs(upload, nowMs),
  )
}

function owedMs({ createdMs, offset, isBusy }: Unfinished, nowMs: number): number {
  return nowMs - createdMs - (isBusy ? BUSY_GRACE_MS : GRACE_MS) - offset / EARNED_BYTES_PER_MS
}

function firstBy<T>(uploads: readonly T[], rank: (upload: T) => number): T | null {
  return uploads.toSorted((one, other) => rank(one) - rank(other))[0] ?? null
}
