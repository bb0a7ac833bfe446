import { afterAll, describe, expect, it } from 'vitest'
import { recordTakingIn, servedFrom } from '../support/answers.ts'
import { findCrashStates } from '../support/crash-states.ts'
import { makePlace, type Place } from '../support/place.ts'
import { whyNoTrace } from '../support/trace.ts'

const reason = whyNoTrace()
if (reason !== null) console.log(`durability: skipped the answers: ${reason}`)

const places: Place[] = []
async function newPlace(): Promise<Place> {
  const place = await makePlace()
  places.push(place)
  return place
}
afterAll(async () => {
  for (const place of places) await place.dispose()
})

describe.skipIf(reason !== null)('taking in answers', () => {
  it('leaves the old ones or the new ones, whatever a power cut leaves', async () => {
    const place = await newPlace()
    const { calls, disk, old, added } = await recordTakingIn(place)
    const states = findCrashStates(calls, disk)
    expect(states.length).toBeGreaterThan(20)
    const seqs = new Set<number>()
    for (const { tree, text } of states) {
      const served = await servedFrom(tree, place)
      const drop = served?.seq === 1 ? old : added
      expect({ text, served }).toEqual({
        text,
        served: { seq: served?.seq === 1 ? 1 : 2, drops: [`${drop.id}.tar`] },
      })
      seqs.add(served?.seq ?? 0)
      // What is not taken in yet is still in the inbox, to be taken in after the next start.
      const isWaiting = [...tree.keys()].some((path) =>
        /^var\/acknowledgements\/replies\/[0-9a-f]{64}\/index\.json$/.test(path),
      )
      expect({ text, isSafe: served?.seq === 2 || isWaiting }).toEqual({ text, isSafe: true })
    }
    expect(seqs).toEqual(new Set([1, 2]))
  })
})
