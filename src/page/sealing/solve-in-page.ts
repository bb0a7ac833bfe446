import { sha256 } from '@noble/hashes/sha2.js'
import { challengeIn } from '../../proof-of-work/challenge.ts'
import { solve } from '../../proof-of-work/solve.ts'

/**
 * Solves a challenge of the intake; loaded only when the intake asks for it. Uses noble because
 * `crypto.subtle` may be missing and returns a promise for each number.
 * @param text the answer that contains the challenge
 * @returns the value of the header to send; null if the challenge cannot be solved or the signal
 * has fired
 */
export async function solveInPage(text: string, signal: AbortSignal): Promise<string | null> {
  const challenge = challengeIn(text)
  return challenge === null ? null : await solve(challenge, { sha256, signal })
}
