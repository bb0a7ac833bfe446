import { afterEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from './support/place.ts'
import { findDisorder } from './support/recorded.ts'
import { whyNoTrace } from './support/trace.ts'
import { type WayName, ways } from './support/ways.ts'

/** The ways to a receipt and out of the server. `test/faults/long` runs all ways. */
const short: readonly WayName[] = ['postRaw', 'upload', 'storeTip', 'deleteTip', 'exportTips']

const reason = whyNoTrace()
if (reason !== null) console.log(`durability: skipped the order of system calls: ${reason}`)

let place: Place | null = null
afterEach(async () => {
  await place?.dispose()
  place = null
})

describe.skipIf(reason !== null)('the system calls', () => {
  it.for(short)('of %s are in an order that survives a power cut', async (name) => {
    place = await makePlace()
    expect(findDisorder(await ways[name](place))).toEqual([])
  })
})
