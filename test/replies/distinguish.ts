import type { Primitives } from '../../src/age/primitives.ts'
import { readDrop, slotsPerDrop } from '../../src/replies/drop.ts'
import { makeDrop } from '../../src/replies/make-drop.ts'
import { replyTag } from '../../src/thread/thread.ts'
import { answerTo, newId, newThread } from './samples.ts'

/** Slots of one kind: how often each byte value occurs at each position. */
export interface SlotCounts {
  slots: number
  /** Index: position × 256 + value. */
  counts: Uint32Array
  lengths: Set<number>
  /** How often a slot of this kind is the first, the second … of its drop. */
  places: number[]
}

export function newCounts(): SlotCounts {
  return {
    slots: 0,
    counts: new Uint32Array(8192 * 256),
    lengths: new Set(),
    places: Array.from({ length: slotsPerDrop }, () => 0),
  }
}

export function countSlot(to: SlotCounts, file: Uint8Array, place: number): void {
  to.slots += 1
  to.lengths.add(file.length)
  to.places[place] = (to.places[place] ?? 0) + 1
  for (let at = 0; at < file.length; at += 1) {
    const index = at * 256 + (file[at] ?? 0)
    to.counts[index] = (to.counts[index] ?? 0) + 1
  }
}

/**
 * Makes drops of seven answers, or of eight, and otherwise decoys, and counts both kinds. The
 * answers are as different from decoys as they can be: long, in Korean, new and repeated.
 */
export async function countDrops(
  primitives: Primitives,
  drops: number,
): Promise<{ real: SlotCounts; decoys: SlotCounts }> {
  const [real, decoys] = [newCounts(), newCounts()]
  for (let number = 0; number < drops; number += 1) {
    const answers = Array.from({ length: 7 + (number % 2) }, (_, at) => ({
      thread: newThread(primitives),
      isRepeat: at % 2 === 1,
    }))
    const id = newId(primitives)
    const { bytes } = await makeDrop(primitives, {
      id,
      day: '2027-03-02',
      messages: answers.map(({ thread, isRepeat }) =>
        answerTo(primitives, thread, { isRepeat, parts: ['가'.repeat(2000)], asks: ['un'] }),
      ),
      opened: [],
    })
    const tags = new Set(answers.map(({ thread }) => tagOf(primitives, thread.tagKey, id)))
    for (const [place, [tag, file]] of [...readDrop(bytes).slots].entries())
      countSlot(tags.has(tag) ? real : decoys, file, place)
  }
  return { real, decoys }
}

function tagOf(primitives: Primitives, tagKey: Uint8Array, id: string): string {
  return replyTag(primitives, tagKey, Buffer.from(id, 'hex'), 0)
}

/**
 * How far two kinds differ at one position: chi-squared for two samples (Pearson), as standard
 * deviations from what chance gives. 0 where both have one and the same value.
 */
export function deviationAt(a: SlotCounts, b: SlotCounts, at: number): number {
  let [chi, values] = [0, 0]
  for (let value = 0; value < 256; value += 1) {
    const [x, y] = [a.counts[at * 256 + value] ?? 0, b.counts[at * 256 + value] ?? 0]
    if (x + y === 0) continue
    values += 1
    chi += (Math.sqrt(b.slots / a.slots) * x - Math.sqrt(a.slots / b.slots) * y) ** 2 / (x + y)
  }
  return values < 2 ? 0 : (chi - (values - 1)) / Math.sqrt(2 * (values - 1))
}

export function deviations(a: SlotCounts, b: SlotCounts): number[] {
  return Array.from({ length: 8192 }, (_, at) => deviationAt(a, b, at))
}

/** Like `deviationAt`, for the positions of both kinds in their drops. */
export function deviationOfPlaces(a: SlotCounts, b: SlotCounts): number {
  let chi = 0
  for (const [place, x] of a.places.entries()) {
    const y = b.places[place] ?? 0
    chi += (Math.sqrt(b.slots / a.slots) * x - Math.sqrt(a.slots / b.slots) * y) ** 2 / (x + y)
  }
  return (chi - (slotsPerDrop - 1)) / Math.sqrt(2 * (slotsPerDrop - 1))
}

/** Positions at which every slot of both kinds has the same byte. */
export function fixedPositions(a: SlotCounts, b: SlotCounts): number {
  let fixed = 0
  for (let at = 0; at < 8192; at += 1) {
    const values = a.counts
      .subarray(at * 256, at * 256 + 256)
      .filter((count, value) => count + (b.counts[at * 256 + value] ?? 0) > 0)
    if (values.length === 1) fixed += 1
  }
  return fixed
}
