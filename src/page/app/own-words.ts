import { maxOrganisationBytes } from '../../keyring/bounds.ts'
import { fallbacksOf, type Language } from '../languages.ts'
import type { OrganisationFacts } from '../view/who.ts'

/** What the server drew at the top of the page, for the app to draw again. */
export function readOwnWords(page: Document): OrganisationFacts | null {
  const drawn = page.querySelector('[data-organisation]')?.getAttribute('data-organisation')
  return JSON.parse(drawn ?? 'null') as OrganisationFacts | null
}

/** Fetches `organisation.json` when another language is chosen. */
export async function fetchOwnWords(language: Language): Promise<OrganisationFacts | null> {
  const [answer, { parseOrganisation, organisationIn }] = await Promise.all([
    fetch('/organisation.json', {
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    }),
    import('../../keyring/organisation.ts'),
  ])
  const bytes = new Uint8Array(await answer.arrayBuffer()).subarray(0, maxOrganisationBytes + 1)
  const organisation = parseOrganisation(bytes)
  return {
    ...organisationIn(organisation, [language, ...fallbacksOf(language)]),
    addresses: organisation.addresses,
  }
}
