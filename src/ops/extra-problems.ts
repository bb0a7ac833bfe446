import type { Health } from './health.ts'
import { problem } from './problems.ts'
import type { ProblemCode } from './problems.ts'

/** Health with what other parts of ops know besides. */
export function addProblems(health: Health, codes: readonly (ProblemCode | null)[]): Health {
  const problems = [...health.problems, ...codes.filter((code) => code !== null).map(problem)]
  return { ...health, problems, isReady: problems.every(({ severity }) => severity === 'warning') }
}
