/**
 * How long the longest proof of work takes, in a browser's worker at any security level, or in
 * Node.
 */
import { solveChallenge } from 'altcha-lib/v1'
import { maxNumber, type Challenge } from '../../src/proof-of-work/challenge.ts'

export interface ProofTimes {
  /** Seconds until all numbers have been tried. */
  ours: number
  /** The same with altcha's own code for pages. */
  webCrypto: number | null
}

/** No number solves this challenge, so all of them are tried. */
const challenge: Challenge = {
  algorithm: 'SHA-256',
  challenge: '0'.repeat(64),
  maxnumber: maxNumber,
  salt: `${'0f'.repeat(12)}&`,
  signature: '0'.repeat(64),
}

export async function measureProof(
  solve: (challenge: Challenge) => Promise<string | null>,
): Promise<ProofTimes> {
  const hasWebCrypto = (globalThis.crypto as Crypto | undefined)?.subtle !== undefined
  return {
    ours: await secondsOf(() => solve(challenge)),
    webCrypto: hasWebCrypto
      ? await secondsOf(
          () => solveChallenge(challenge.challenge, challenge.salt, 'SHA-256', maxNumber).promise,
        )
      : null,
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
