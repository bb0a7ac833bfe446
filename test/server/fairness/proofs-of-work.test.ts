import { describe, expect, it } from 'vitest'
import { createRedeemedProofs, type RedeemedProofs } from '../../../src/queue/redeemed-proofs.ts'
import { sharedProofKeys } from '../../../src/server/fairness/proof-keys.ts'
import { ProofsOfWork } from '../../../src/server/fairness/proofs-of-work.ts'
import { readSolution, writeSolution } from '../../../src/proof-of-work/challenge.ts'
import { solveInNode } from '../../../src/proof-of-work/solve-in-node.ts'
import { createTestRedis } from '../../support/redis.ts'

const MINUTE = 60_000
let nowMs = 0
const open = (mostUsed?: number): ProofsOfWork =>
  new ProofsOfWork({ nowMs: () => nowMs, ...(mostUsed !== undefined && { mostUsed }) })
const solveOne = async (proofs: ProofsOfWork): Promise<string> =>
  (await solveInNode(await proofs.ask())) ?? ''

async function changed(
  proofs: ProofsOfWork,
  change: (solution: NonNullable<ReturnType<typeof readSolution>>) => object,
): Promise<string> {
  const solution = readSolution(await solveOne(proofs))
  if (solution === null) throw new Error('no solution')
  return writeSolution({ ...solution, ...change(solution) })
}

const otherDigit = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1)

describe('ProofsOfWork', () => {
  it('puts nothing into a challenge but the task and its signature', async () => {
    expect(await open().ask()).toEqual({
      algorithm: 'SHA-256',
      challenge: expect.stringMatching(/^[0-9a-f]{64}$/),
      maxnumber: 50_000,
      salt: expect.stringMatching(/^[0-9a-f]{24}&$/),
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('accepts a solution once', async () => {
    const proofs = open()
    const header = await solveOne(proofs)
    expect(await proofs.redeem(header)).not.toBe(null)
    expect(await proofs.redeem(header)).toBe(null)
  })

  it('accepts it once when it is sent many times at once', async () => {
    const proofs = open()
    const header = await solveOne(proofs)
    const redeemed = await Promise.all(Array.from({ length: 20 }, () => proofs.redeem(header)))
    expect(redeemed.filter((one) => one !== null)).toHaveLength(1)
  })

  it('accepts it again after it was given back', async () => {
    const proofs = open()
    const header = await solveOne(proofs)
    const redeemed = await proofs.redeem(header)
    redeemed?.giveBack()
    expect(await proofs.redeem(header)).not.toBe(null)
  })

  it.each([
    ['a wrong number', ({ number }: { number: number }) => ({ number: (number % 50_000) + 1 })],
    ['another salt', ({ salt }: { salt: string }) => ({ salt: otherDigit(salt) })],
    [
      'another signature',
      ({ signature }: { signature: string }) => ({ signature: otherDigit(signature) }),
    ],
  ])('refuses %s', async (_what, change) => {
    const proofs = open()
    expect(await proofs.redeem(await changed(proofs, change))).toBe(null)
  })

  it('refuses a challenge that another process signed', async () => {
    expect(await open().redeem(await solveOne(open()))).toBe(null)
  })

  it.each(['', 'none', 'x'.repeat(100_000), btoa('{"algorithm":"SHA-512"}')])(
    'refuses %.20s',
    async (header) => {
      expect(await open().redeem(header)).toBe(null)
    },
  )

  it('accepts a solution after five minutes, but not after ten', async () => {
    nowMs = 0
    const proofs = open()
    nowMs = 4 * MINUTE
    const [young, old] = [await solveOne(proofs), await solveOne(proofs)]
    nowMs = 9.9 * MINUTE
    expect(await proofs.redeem(young)).not.toBe(null)
    expect(await proofs.redeem(young)).toBe(null)
    nowMs = 14.9 * MINUTE
    expect(await proofs.redeem(old)).toBe(null)
  })

  it('forgets a challenge of hours ago even if no request came in between', async () => {
    nowMs = 0
    const proofs = open()
    const header = await solveOne(proofs)
    nowMs = 10 * MINUTE
    expect(await proofs.redeem(header)).toBe(null)
  })

  it('remembers a bounded number of used solutions, the newest', async () => {
    const proofs = open(2)
    const [first, ...others] = [
      await solveOne(proofs),
      await solveOne(proofs),
      await solveOne(proofs),
    ]
    for (const header of [first, ...others]) expect(await proofs.redeem(header)).not.toBe(null)
    for (const header of others) expect(await proofs.redeem(header)).toBe(null)
    expect(await proofs.redeem(first)).not.toBe(null)
  })
  describe('with a shared key', () => {
    const shared = 'one key for all intakes'
    const openShared = (key: string, redeemed: RedeemedProofs | null): ProofsOfWork =>
      new ProofsOfWork({ nowMs: () => nowMs, keys: sharedProofKeys(key), redeemed })

    it('accepts a challenge of another intake, once among all of them', async () => {
      const redis = await createTestRedis()
      try {
        nowMs = 1_000_000 * MINUTE
        const client = redis.client()
        const [one, two] = [1, 2].map(() => openShared(shared, createRedeemedProofs(client)))
        const header = await solveOne(one!)
        const redeemed = await two!.redeem(header)
        expect(redeemed).not.toBe(null)
        expect(await one!.redeem(header)).toBe(null)
        expect(await client.pttl((await client.keys('{tumen}:proof:*'))[0] ?? '')).toBeGreaterThan(
          9 * MINUTE,
        )
        redeemed!.giveBack()
        await expect.poll(() => client.keys('{tumen}:proof:*')).toEqual([])
        // Each intake remembers the proofs that it refused, as `one` did, so the proof is used
        // again at `two`, which gave it back.
        expect(await two!.redeem(header)).not.toBe(null)
      } finally {
        await redis.dispose()
      }
    })

    it('remembers its own when Redis is away', async () => {
      const away: RedeemedProofs = { use: async () => null, giveBack: async () => {} }
      const one = openShared(shared, away)
      const header = await solveOne(one)
      expect(await one.redeem(header)).not.toBe(null)
      expect(await one.redeem(header)).toBe(null)
    })

    it('accepts challenges issued before it started, for ten minutes', async () => {
      nowMs = 1_000_000 * MINUTE
      const header = await solveOne(openShared(shared, null))
      nowMs += 6 * MINUTE
      expect(await openShared(shared, null).redeem(header)).not.toBe(null)
      nowMs += 4 * MINUTE
      expect(await openShared(shared, null).redeem(header)).toBe(null)
    })

    it('refuses a challenge of an intake with another key', async () => {
      const header = await solveOne(openShared('another key', null))
      expect(await openShared(shared, null).redeem(header)).toBe(null)
    })
  })
})
