import type { Slot, UploadKind } from './slot.ts'

/**
 * What an upload has at least, however many wait: enough for some slices, or for a tip with
 * pictures in one go.
 */
const SAFE_MS: Readonly<Record<UploadKind, number>> = { resumable: 3_000, whole: 120_000 }

/** Less of a difference in standing is chance. */
const MARGIN_MS = 2_000

/** The upload that makes room for one that waits, or null when none has to. */
export function chooseSlot(
  slots: readonly Slot[],
  waiting: { standingMs: number },
  look: { nowMs: number; isCrowd: boolean; standingMs: (slot: Slot) => number },
): Slot | null {
  const { nowMs, isCrowd, standingMs } = look
  const candidates = slots.filter((slot) => slot.isReceiving && !slot.isCut)
  // what hardly moves makes room for anyone, resumable ones first
  const slow = candidates.filter((slot) => slot.isSlow(nowMs, isCrowd))
  if (slow.length > 0)
    return firstBy(slow, (slot) =>
      slot.upload.kind === 'whole' ? slot.sinceMs : slot.sinceMs - nowMs,
    )
  const heavier = candidates.filter(
    (slot) =>
      nowMs - slot.sinceMs >= SAFE_MS[slot.upload.kind] &&
      standingMs(slot) > waiting.standingMs + MARGIN_MS,
  )
  const resumable = heavier.filter((slot) => slot.upload.kind === 'resumable')
  return firstBy(resumable, (slot) => -standingMs(slot)) ?? firstBy(heavier, (slot) => slot.sinceMs)
}

function firstBy(slots: readonly Slot[], rank: (slot: Slot) => number): Slot | null {
  return slots.toSorted((one, other) => rank(one) - rank(other))[0] ?? null
}
