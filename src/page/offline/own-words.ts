import { base64 } from '@scure/base'
import { parsePublicKey } from '../../keyring/minisign-format.ts'
import { organisationIn, parseOrganisation } from '../../keyring/organisation.ts'
import { verifyMinisignWithNoble } from '../../keyring/verify-noble.ts'
import { fallbacksOf, type Language } from '../languages.ts'
import type { OrganisationFacts } from '../view/who.ts'
import type { OfflineTrust } from './document.ts'

/**
 * What the organisation says of itself, from the file itself. Null if there is none, or if the root
 * did not sign it.
 */
export function ownWordsIn(trust: OfflineTrust, language: Language): OrganisationFacts | null {
  if (trust.organisation == null || trust.organisationSignature == null) return null
  try {
    const message = base64.decode(trust.organisation)
    const signature = base64.decode(trust.organisationSignature)
    verifyMinisignWithNoble({ publicKey: parsePublicKey(trust.rootKey), message, signature })
    const organisation = parseOrganisation(message)
    return {
      ...organisationIn(organisation, [language, ...fallbacksOf(language)]),
      addresses: organisation.addresses,
    }
  } catch {
    return null
  }
}
