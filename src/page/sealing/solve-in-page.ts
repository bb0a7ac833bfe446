import { sha256 } from '@noble/hashes/sha2.js'
import type { Challenge } from '../../proof-of-work/challenge.ts'
import { solve } from '../../proof-of-work/solve.ts'

/** Fetched only when the intake asks. noble, for `crypto.subtle` may be missing and answers each number with a promise. */
export function solveInPage(challenge: Challenge, signal: AbortSignal): Promise<string | null> {
  return solve(challenge, { sha256, signal })
}
