import type { Recipient } from '../../age/keys.ts'
import { parseRecipient } from '../../age/keys.ts'
import type { Day } from '../../time/day.ts'
import { SealingError } from './sealer.ts'
import { entriesInForce, type SignedKeyring } from './trusted-keyring.ts'

/**
 * The recipients to whom a tip is sealed on this day.
 * @throws SealingError `KEYRING_EXPIRED`, `KEYRING_UNTRUSTED`
 */
export function recipientsInForce(signed: SignedKeyring, day: Day): Recipient[] {
  try {
    return entriesInForce(signed, day).map(({ recipient }) => parseRecipient(recipient))
  } catch (cause) {
    if (cause instanceof SealingError) throw cause
    throw new SealingError('KEYRING_UNTRUSTED', 'the keyring has a damaged recipient', cause)
  }
}
