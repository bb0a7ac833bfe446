import { afterEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../durability/support/place.ts'
import { findDisorder } from '../../durability/support/recorded.ts'
import { whyNoTrace } from '../../durability/support/trace.ts'
import { type WayName, ways } from '../../durability/support/ways.ts'

const reason = whyNoTrace()
if (reason !== null) console.log(`durability: skipped the order of system calls: ${reason}`)

let place: Place | null = null
afterEach(async () => {
  await place?.dispose()
  place = null
})

describe.skipIf(reason !== null)('the system calls', () => {
  it.for(Object.keys(ways) as WayName[])(
    'of %s are in an order that survives a power cut',
    { timeout: 300_000 },
    async (name) => {
      place = await makePlace()
      expect(findDisorder(await ways[name](place))).toEqual([])
    },
  )
})
