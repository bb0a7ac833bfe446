import type { Slot, UploadKind } from './slot.ts'

/**
 * Minimum time for which an upload keeps its slot, however many others wait: enough for some slices
 * of a resumable upload, or for a whole tip with pictures.
 */
const SAFE_MS: Readonly<Record<UploadKind, number>> = { resumable: 3_000, whole: 120_000 }

/** A smaller difference in used upload time is considered chance. */
const MARGIN_MS = 2_000

/** Chooses the upload that must give its slot to the waiting one; null if none has to. */
export function chooseSlot(
  slots: readonly Slot[],
  waiting: { recentUseMs: number },
  look: { nowMs: number; isCrowd: boolean; recentUseMs: (slot: Slot) => number },
): Slot | null {
  const { nowMs, isCrowd, recentUseMs } = look
  const candidates = slots.filter((slot) => slot.isReceiving && !slot.isCut)
  // an upload that hardly moves is replaced first, whatever its circuit has used; resumable ones
  // before whole ones
  const slow = candidates.filter((slot) => slot.isSlow(nowMs, isCrowd))
  if (slow.length > 0)
    return firstBy(slow, (slot) =>
      slot.upload.kind === 'whole' ? slot.sinceMs : slot.sinceMs - nowMs,
    )
  const heavier = candidates.filter(
    (slot) =>
      nowMs - slot.sinceMs >= SAFE_MS[slot.upload.kind] &&
      recentUseMs(slot) > waiting.recentUseMs + MARGIN_MS,
  )
  const resumable = heavier.filter((slot) => slot.upload.kind === 'resumable')
  return (
    firstBy(resumable, (slot) => -recentUseMs(slot)) ?? firstBy(heavier, (slot) => slot.sinceMs)
  )
}

function firstBy(slots: readonly Slot[], rank: (slot: Slot) => number): Slot | null {
  return slots.toSorted((one, other) => rank(one) - rank(other))[0] ?? null
}
