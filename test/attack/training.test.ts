import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendTip } from './support/honest.ts'
import { type Answer, Visitor } from './support/onion.ts'
import { freshCircuits } from './support/siege.ts'
import { openTarget, type Target } from './support/target.ts'

const PEOPLE = 30
const ASSETS = readdirSync(join(import.meta.dirname, '../../dist/page/assets')).map(
  (name) => `/assets/${name}`,
)
const VISIT = [
  '/ko',
  '/keyring.json',
  '/keyring.json.minisig',
  '/recipients.txt',
  '/offline-sealer.html',
  '/receipts',
  ...ASSETS,
]

let target: Target

beforeAll(async () => {
  target = await openTarget()
  target.site.intake.start()
  await target.site.intake.untilReady()
})

afterAll(() => target.dispose())

/** Requests everything that the page can ever load, over six connections as a browser does. */
async function visit(circuit: number): Promise<Answer[]> {
  const visitor = new Visitor(target.socketPath, circuit)
  const answers = await Promise.all(
    VISIT.map((path) => visitor.ask('GET', path, { headers: { Accept: '*/*' } })),
  )
  visitor.close()
  return answers
}

async function askReceipts(circuit: number): Promise<number[]> {
  const visitor = new Visitor(target.socketPath, circuit)
  const receipt = createHash('sha256').update(String(circuit)).digest('hex')
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => visitor.ask('GET', `/receipts/${receipt}`)),
  )
  visitor.close()
  return answers.map(({ status }) => status)
}

describe('a training of thirty people on one circuit', () => {
  it('loads the page whole, sends a tip of 5 MB each and asks for receipts, all at once', {
    timeout: 300_000,
  }, async () => {
    const circuit = freshCircuits(1)
    const everybody = Array.from({ length: PEOPLE })
    const visits = (await Promise.all(everybody.map(() => visit(circuit)))).flat()
    expect(visits.filter(({ status }) => status !== 200)).toEqual([])
    const sent = await Promise.all(
      everybody.map((_, person) =>
        sendTip(target.socketPath, circuit, person % 3 === 0 ? 'whole' : 'resumable'),
      ),
    )
    expect(sent.filter(({ isSafe, obstacles }) => !isSafe || obstacles.length > 0)).toEqual([])
    expect((await Promise.all(everybody.map(() => askReceipts(circuit)))).flat()).toEqual(
      Array.from({ length: 90 }, () => 404),
    )
    console.log(
      `training: ${visits.length} answers, ${sent.length} tips, the longest took ${Math.max(...sent.map(({ ms }) => ms)).toFixed(0)} ms`,
    )
    expect(target.site.intake.log).toBe('')
  })
})
