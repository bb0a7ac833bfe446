import { afterAll, describe, expect, it } from 'vitest'
import { recordCrashes } from '../support/crash-recording.ts'
import { makePlace } from '../support/place.ts'
import { reopenAndAudit } from '../support/reopen.ts'
import { whyNoTrace } from '../support/trace.ts'

const reason = whyNoTrace()
if (reason !== null) console.log(`durability: skipped the states after a power cut: ${reason}`)
const place = reason === null ? await makePlace() : null
const { states, uploads } =
  place === null ? { states: [], uploads: new Map<string, Buffer>() } : await recordCrashes(place)
console.log(`durability: ${states.length} different states after a power cut`)
afterAll(() => place?.dispose())

describe.skipIf(place === null)('what a power cut may leave', () => {
  it.for(states)('keeps every promise: $text', async (state) => {
    const keysDir = place?.at('keys') ?? ''
    expect(await reopenAndAudit(state, { keysDir, uploads })).toEqual([])
  })
})
