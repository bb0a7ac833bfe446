import { sha256 } from '@noble/hashes/sha2.js'
import { createChallenge, verifySolution } from 'altcha-lib/v1'
import { describe, expect, it } from 'vitest'
import { maxNumber, type Challenge } from '../../src/proof-of-work/challenge.ts'
import { proofNeeded } from '../../src/wire/problem-codes.ts'
import { solve } from '../../src/proof-of-work/solve.ts'
import { solveInNode } from '../../src/proof-of-work/solve-in-node.ts'
import { solveInPage } from '../../src/page/sealing/solve-in-page.ts'

const hmacKey = 'key of a test'
const never = new AbortController().signal

async function ask(number: number): Promise<Challenge> {
  const { salt, challenge, signature } = await createChallenge({
    hmacKey,
    number,
    maxnumber: maxNumber,
  })
  return { algorithm: 'SHA-256', challenge, maxnumber: maxNumber, salt, signature }
}

describe.each([
  ['in Node', solveInNode],
  [
    'in the page',
    (asked: Challenge) =>
      solveInPage(JSON.stringify({ code: proofNeeded, challenge: asked }), never),
  ],
])('solve, %s', (_where, solveHere) => {
  it.each([1, 249, 250, 9_999, 10_000, maxNumber])(
    'finds %i, and altcha takes it',
    async (number) => {
      const header = await solveHere(await ask(number))
      expect(JSON.parse(atob(header ?? ''))).toMatchObject({ number })
      expect(await verifySolution(header ?? '', hmacKey, false)).toBe(true)
    },
  )

  it('is null when no number fits', async () => {
    expect(await solveHere({ ...(await ask(300)), maxnumber: 299 })).toBe(null)
  })
})

describe('solve', () => {
  it('stops when it is told, and lets others have their turn', async () => {
    const unsolvable = { ...(await ask(1)), challenge: '0'.repeat(64) }
    const stopping = new AbortController()
    setTimeout(() => stopping.abort(), 1)
    let tries = 0
    const count = (bytes: Uint8Array): Uint8Array => {
      tries += 1
      return sha256(bytes)
    }
    expect(await solve(unsolvable, { sha256: count, signal: stopping.signal })).toBe(null)
    expect(tries).toBeGreaterThan(0)
    expect(tries).toBeLessThan(maxNumber)
  })
})
