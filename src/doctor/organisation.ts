import { KeyringError } from '../keyring/errors.ts'
import { loadOrganisation } from '../keyring/load-organisation.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'organisation'

/** Checks whether the page can say who runs it. */
export async function checkOrganisation(keysDir: string): Promise<Finding> {
  try {
    const loaded = await loadOrganisation(keysDir)
    if (loaded === null)
      return doubtful(
        check,
        'organisation.json is missing: the page cannot say who you are and how often you read',
        'make it with "tumen keyring organisation FILE" and sign it with "tumen keyring sign"',
      )
    return well(check, `signed, in ${Object.keys(loaded.organisation.languages).join(', ')}`)
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error
    return wrong(
      check,
      error.message,
      'until then the page shows nothing of it; restore both files from the ceremony',
    )
  }
}
