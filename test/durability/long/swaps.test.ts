import { describe, expect, it } from 'vitest'
import { makePlace } from '../support/place.ts'
import { findDisorder } from '../support/recorded.ts'
import { swaps } from '../support/swaps.ts'
import { whyNoTrace } from '../support/trace.ts'
import { ways } from '../support/ways.ts'

const reason = whyNoTrace()
if (reason !== null) console.log(`durability: skipped steps in the wrong order: ${reason}`)

describe.skipIf(reason !== null)('the wrong order', () => {
  it.for(swaps.map((swap, number) => ({ ...swap, number })))(
    'of steps is noticed: $what',
    async ({ way, number }) => {
      const place = await makePlace(`swap:${number}`)
      try {
        expect(findDisorder(await ways[way](place))).toEqual(
          expect.arrayContaining([
            expect.stringMatching(/^(?:not so in time|it got another name)/),
          ]),
        )
      } finally {
        await place.dispose()
      }
    },
  )
})
