import { afterAll, describe, expect, it } from 'vitest'
import { recordCrashes } from './support/crash-recording.ts'
import { makePlace } from './support/place.ts'
import { reopenAndAudit } from './support/reopen.ts'
import { whyNoTrace } from './support/trace.ts'

/**
 * The number of states checked here, spread evenly over the recording. The test in `long/` checks
 * all.
 */
const samples = 2

const reason = whyNoTrace()
if (reason !== null) console.log(`durability: skipped the states after a power cut: ${reason}`)
const place = reason === null ? await makePlace() : null
afterAll(() => place?.dispose())

describe.skipIf(place === null)('what a power cut may leave', () => {
  it('keeps every promise when it is opened again', async () => {
    if (place === null) return
    const { states, uploads } = await recordCrashes(place)
    expect(states.length).toBeGreaterThan(100)
    const step = states.length / samples
    for (let at = 0; at < samples; at += 1) {
      const state = states[Math.floor((at + 0.5) * step)]
      if (state === undefined) continue
      const problems = await reopenAndAudit(state, { keysDir: place.at('keys'), uploads })
      expect({ text: state.text, problems }).toEqual({ text: state.text, problems: [] })
    }
  })
})
