import { sha256 } from '@noble/hashes/sha2.js'
import { challengeIn } from '../../proof-of-work/challenge.ts'
import { solve } from '../../proof-of-work/solve.ts'

/**
 * Fetched only when the intake asks. noble, for `crypto.subtle` may be missing and answers each
 * number with a promise.
 * @param text of the answer that asks
 * @returns what to send in the header; null when it asks for nothing that can be solved, or the
 * signal has fired
 */
export async function solveInPage(text: string, signal: AbortSignal): Promise<string | null> {
  const challenge = challengeIn(text)
  return challenge === null ? null : await solve(challenge, { sha256, signal })
}
