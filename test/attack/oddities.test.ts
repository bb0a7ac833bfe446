import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Intake, RawClient, startIntake } from '../server/harness.ts'
import { HARDENED } from '../../src/server/hardening.ts'
import { ODDITIES } from './support/attacks.ts'

let intake: Intake

beforeAll(async () => {
  intake = await startIntake({ idleSeconds: 2, maxUploads: 64 })
})

afterAll(() => intake.stop())

/** All bytes received until the connection ends, or until it has been idle for three seconds. */
async function answerTo(bytes: string): Promise<string> {
  const client = new RawClient(intake.port)
  client.write(bytes)
  // A request smuggled behind the odd one would show up here as a second answer.
  client.socket.setTimeout(3000, () => client.socket.destroy())
  return await client.closed()
}

function statusesIn(answer: string): string {
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)
  return statuses.length > 1 ? `${statuses[0]} × ${statuses.length}` : (statuses[0] ?? '')
}

/** Expects that each answer has the usual headers, and none that shows the time of day. */
function expectHardened(answer: string): void {
  for (const [head] of answer.toLowerCase().matchAll(/http\/1\.1 \d{3} .*?\r\n\r\n/gs)) {
    expect(head).not.toMatch(/^(date|server|x-powered-by|etag|last-modified|set-cookie):/m)
    for (const [name, value] of Object.entries({ ...HARDENED, 'Cache-Control': 'no-store' }))
      expect(head).toContain(`${name}: ${value}`.toLowerCase())
  }
}

describe('a request that is odd, or could be understood in two ways', () => {
  it.concurrent.each(ODDITIES)(
    'gets one answer of our own, without a date: %s',
    async (_what, bytes, answers) => {
      const answer = await answerTo(bytes)
      expect(statusesIn(answer)).toBe(answers)
      if (answers !== '') expectHardened(answer)
    },
  )

  it('leaves nothing behind', () => {
    expect([intake.files('tmp'), intake.announced]).toEqual([[], []])
  })
})
