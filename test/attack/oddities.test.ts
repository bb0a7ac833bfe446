import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Intake, RawClient, startIntake } from '../server/harness.ts'
import { ODDITIES } from './support/attacks.ts'

let intake: Intake

beforeAll(async () => {
  intake = await startIntake({ idleSeconds: 2, maxUploads: 64 })
})

afterAll(() => intake.stop())

/** All status lines until the connection ends, which silence sees to. */
async function answersTo(bytes: string): Promise<string> {
  const client = new RawClient(intake.port)
  client.write(bytes)
  // a second request behind the odd one would be seen here as an answer too many
  client.socket.setTimeout(3000, () => client.socket.destroy())
  const statuses = [...(await client.closed()).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(
    ([, status]) => status,
  )
  return statuses.length > 1 ? `${statuses[0]} × ${statuses.length}` : (statuses[0] ?? '')
}

describe('a request that could be understood in two ways', () => {
  it.concurrent.each(ODDITIES)(
    'gets one understanding: %s',
    { timeout: 30_000 },
    async (_what, bytes, answers) => {
      expect(await answersTo(bytes)).toBe(answers)
    },
  )

  it('leaves nothing behind', () => {
    expect([intake.files('tmp'), intake.announced]).toEqual([[], []])
  })
})
