import { maxSlotsPerThread, slotsPerDrop } from './bounds.ts'

interface Placeable {
  parts: readonly string[]
  isRepeat: boolean
}

export interface PlacedMessages<Message> {
  sent: Message[]
  repeated: Message[]
  waiting: Message[]
}

/**
 * Chooses what goes into a drop, whole answers only, in the given order: new answers with at most
 * four slots a thread; if slots are left, new answers of threads that have four; then repeats.
 * @param threadOf the id of a message's thread.
 */
export function placeMessages<Message extends Placeable>(
  messages: readonly Message[],
  threadOf: (message: Message) => string,
): PlacedMessages<Message> {
  const chosen = new Set<Message>()
  const slotsOf = new Map<string, number>()
  let left = slotsPerDrop

  function place(candidates: readonly Message[], maxPerThread: number): void {
    for (const message of candidates) {
      const thread = threadOf(message)
      const slots = (slotsOf.get(thread) ?? 0) + message.parts.length
      if (chosen.has(message) || message.parts.length > left || slots > maxPerThread) continue
      chosen.add(message)
      slotsOf.set(thread, slots)
      left -= message.parts.length
    }
  }

  const fresh = messages.filter(({ isRepeat }) => !isRepeat)
  const repeats = messages.filter(({ isRepeat }) => isRepeat)
  place(fresh, maxSlotsPerThread)
  place(fresh, slotsPerDrop)
  place(repeats, maxSlotsPerThread)
  place(repeats, slotsPerDrop)
  return {
    sent: fresh.filter((message) => chosen.has(message)),
    repeated: repeats.filter((message) => chosen.has(message)),
    waiting: fresh.filter((message) => !chosen.has(message)),
  }
}
