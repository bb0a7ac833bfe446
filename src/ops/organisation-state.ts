import { loadOrganisation } from '../keyring/load-organisation.ts'
import type { ProblemCode } from './problems.ts'

/** What is wrong with `organisation.json` now, or null. Never rejects. */
export async function organisationProblem(keysDir: string): Promise<ProblemCode | null> {
  return await loadOrganisation(keysDir).then(
    (loaded) => (loaded === null ? 'ORGANISATION_MISSING' : null),
    () => 'ORGANISATION_INVALID',
  )
}
