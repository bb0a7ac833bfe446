import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { challengeIn } from '../../src/proof-of-work/challenge.ts'
import { noProofYet, proofHeader } from '../../src/wire/proof-header.ts'
import { until } from '../supervise/start.ts'
import { sendTip } from './support/honest.ts'
import { Visitor } from './support/onion.ts'
import { freshCircuits } from './support/siege.ts'
import { openTarget, type Target } from './support/target.ts'
import { intakeEnv } from '../../src/supervise/intake-env.ts'

const CIRCUITS = 500

/**
 * The load is measured over one minute, and must stay low for two before the proof of work is no
 * longer asked for. This leaves some margin.
 */
const RELIEF_MS = 240_000
const KNOCK_MS = 500

let target: Target

beforeAll(async () => {
  target = await openTarget(intakeEnv)
  target.site.intake.start()
  await target.site.intake.untilReady()
})

afterAll(() => target.dispose())

/**
 * The answer to a page that wants to create an upload: a status, or `asked` when the intake first
 * asks for a proof of work.
 */
async function knock(): Promise<'asked' | number> {
  const visitor = new Visitor(target.socketPath, freshCircuits(1))
  try {
    const headers = {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': 1000,
      'Content-Length': 0,
      [proofHeader]: noProofYet,
    }
    const { status, body } = await visitor.ask('POST', '/uploads', { headers })
    return challengeIn(body) === null ? status : 'asked'
  } finally {
    visitor.close()
  }
}

async function knockUntil(told: 'asked' | number, withinMs: number): Promise<void> {
  await until(
    async () => {
      await sleep(KNOCK_MS)
      return (await knock()) === told
    },
    () => `the intake to answer ${told}`,
    withinMs,
  )
}

describe('a flood of uploads begun without a proof, over five hundred circuits', () => {
  it('leads to proofs of work: the page and the form still get receipts, and later nobody is asked', {
    timeout: 400_000,
  }, async () => {
    expect(await knock()).toBe(201)
    const stop = target.assail({
      name: 'uploads never continued',
      circuits: CIRCUITS,
      connections: CIRCUITS,
      firstCircuit: freshCircuits(CIRCUITS),
    })
    try {
      await knockUntil('asked', 60_000)
      const page = [
        await sendTip(target.socketPath, freshCircuits(1), 'resumable'),
        await sendTip(target.socketPath, freshCircuits(1), 'resumable'),
      ]
      const form = await sendTip(target.socketPath, freshCircuits(1), 'whole')
      const began = performance.now()
      console.log(
        `proof of work: page ${page.map(({ ms, tries }) => `${ms.toFixed(0)} ms in ${tries}`)}, form ${form.ms.toFixed(0)} ms in ${form.tries}; attacker ${JSON.stringify(await stop())}`,
      )
      expect([...page, form].filter(({ isSafe }) => !isSafe)).toEqual([])
      await knockUntil(201, RELIEF_MS)
      console.log(
        `proof of work: off again after ${((performance.now() - began) / 1000).toFixed(0)} s`,
      )
    } finally {
      await stop()
    }
    expect(target.site.intake.log).toBe('')
  })
})
