import { hash } from 'node:crypto'
import type { Challenge } from './challenge.ts'
import { solve } from './solve.ts'

/** Solves a challenge in less than a second on any machine. */
export function solveInNode(challenge: Challenge): Promise<string | null> {
  return solve(challenge, {
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    signal: new AbortController().signal,
  })
}
