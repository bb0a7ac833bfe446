import { KeyringError } from '../keyring/errors.ts'
import { loadKeyring } from '../keyring/load.ts'
import { recipientsOn } from '../keyring/in-force.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'keyring'
const soonDays = 14
const dayMs = 86_400_000

/** Checks who can read tips and how long their keys remain valid. */
export async function checkKeyring({
  keysDir,
  day,
  isPublic,
}: {
  keysDir: string
  day: string
  /** Whether strangers can reach the page. */
  isPublic: boolean
}): Promise<Finding> {
  try {
    const { keyring } = await loadKeyring({ dir: keysDir, day })
    const days = Math.round((Date.parse(keyring.expires) - Date.parse(day)) / dayMs)
    const says = `valid for ${days} more days, for ${recipientsOn(keyring, day)
      .map(({ name }) => name)
      .join(', ')}`
    if (keyring.demo)
      return (isPublic ? wrong : doubtful)(
        check,
        `DEMO: the key that opens its tips is on this machine${isPublic ? ', and strangers can reach the page' : ''}; ${says}`,
        'never accept a real tip with it; hold the ceremony (keys/README.md)',
      )
    return days < soonDays
      ? doubtful(check, says, 'issue and sign a new keyring')
      : well(check, says)
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error
    return wrong(
      check,
      error.message,
      '"tumen keyring verify" says more; keys/README.md explains the ceremony',
    )
  }
}
