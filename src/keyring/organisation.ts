import { KeyringError } from './errors.ts'
import { maxOrganisationBytes } from './bounds.ts'

/** The languages in which an organisation may describe itself: those of the page. */
export const organisationLanguages = ['en', 'ko', 'zh', 'ug', 'ru', 'bo'] as const
export type OrganisationLanguage = (typeof organisationLanguages)[number]

/** How an organisation describes itself in one language. Line breaks separate paragraphs. */
export interface OrganisationWords {
  /** Left out on purpose when the organisation does not say its name. */
  readonly name?: string
  /** Who it is, and what it does with a tip. */
  readonly about: string
  /** How often tips are read, and what happens then. */
  readonly reading: string
  /** Whom else a source can turn to. */
  readonly elsewhere: string
  /** The title of the tab. The page's own neutral title is used if it is left out. */
  readonly title?: string
}

export interface Organisation {
  readonly format: 'tumen-organisation'
  readonly version: 1
  readonly languages: Readonly<Partial<Record<OrganisationLanguage, OrganisationWords>>>
  /** Onion addresses of the same organisation. */
  readonly addresses: readonly string[]
}

/** Characters of each text. A text is read on a phone, before anything else. */
export const maxOrganisationChars = {
  name: 80,
  title: 40,
  about: 1000,
  reading: 600,
  elsewhere: 1000,
} as const
export const maxAddresses = 16

type TextField = keyof typeof maxOrganisationChars

const requiredFields = ['about', 'reading', 'elsewhere'] as const
const textFields: readonly TextField[] = ['name', ...requiredFields, 'title']
const oneLineFields: readonly TextField[] = ['name', 'title']

/** Tor's v3 addresses: 56 characters of base32. */
const onionAddress = /^http:\/\/[a-z2-7]{56}\.onion$/u
// Control, format (bidi overrides, zero-width), private-use and unassigned characters, and line
// separators, with which a text could show something other than what was signed.
const forbidden = /[\p{C}\p{Zl}\p{Zp}]/u

/**
 * Reads `organisation.json`. Does not check the signature; `loadOrganisation` does. The page runs
 * this too, so it uses no schema library.
 * @throws KeyringError `INVALID`, naming the field.
 */
export function parseOrganisation(bytes: Uint8Array): Organisation {
  if (bytes.length > maxOrganisationBytes)
    throw invalid('the file', `is longer than ${maxOrganisationBytes} bytes`)
  const file = groupOf(parseJson(bytes), 'the file', [
    'format',
    'version',
    'languages',
    'addresses',
  ])
  if (file['format'] !== 'tumen-organisation')
    throw invalid('format', 'must be "tumen-organisation"')
  if (file['version'] !== 1) throw invalid('version', 'must be 1')
  return {
    format: 'tumen-organisation',
    version: 1,
    languages: languagesOf(file['languages']),
    addresses: addressesOf(file['addresses']),
  }
}

export function formatOrganisation(organisation: Organisation): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(organisation, null, 2)}\n`)
}

/** The words in the first of these languages that the organisation speaks, or in any other. */
export function organisationIn(
  organisation: Organisation,
  wanted: readonly OrganisationLanguage[],
): { language: OrganisationLanguage; words: OrganisationWords } {
  for (const language of [...wanted, ...organisationLanguages]) {
    const words = organisation.languages[language]
    if (words !== undefined) return { language, words }
  }
  throw invalid('languages', 'must have at least one language')
}

function languagesOf(value: unknown): Organisation['languages'] {
  const group = groupOf(value, 'languages', organisationLanguages)
  const languages: Partial<Record<OrganisationLanguage, OrganisationWords>> = {}
  for (const language of organisationLanguages)
    if (group[language] !== undefined)
      languages[language] = wordsOf(group[language], `languages.${language}`)
  if (Object.keys(languages).length === 0)
    throw invalid('languages', `must have at least one of ${organisationLanguages.join(', ')}`)
  return languages
}

function wordsOf(value: unknown, field: string): OrganisationWords {
  const group = groupOf(value, field, textFields)
  const required = (name: (typeof requiredFields)[number]): string =>
    textOf(group[name], name, `${field}.${name}`)
  const optional = (name: 'name' | 'title') =>
    group[name] === undefined || group[name] === null
      ? {}
      : { [name]: textOf(group[name], name, `${field}.${name}`) }
  return {
    ...optional('name'),
    about: required('about'),
    reading: required('reading'),
    elsewhere: required('elsewhere'),
    ...optional('title'),
  }
}

function textOf(value: unknown, name: TextField, field: string): string {
  if (typeof value !== 'string') throw invalid(field, 'must be a text')
  if (value.trim() === '')
    throw invalid(
      field,
      oneLineFields.includes(name)
        ? 'is empty: write it, or leave the field out'
        : 'is empty: write it, or leave the language out',
    )
  const most = maxOrganisationChars[name]
  const length = Array.from(value).length
  if (length > most) throw invalid(field, `has ${length} characters, and ${most} are allowed`)
  const lines = oneLineFields.includes(name) ? value : value.replaceAll('\n', ' ')
  if (forbidden.test(lines))
    throw invalid(
      field,
      'must not contain control, invisible or direction-changing characters: type it again',
    )
  return value
}

function addressesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw invalid('addresses', 'must be a list, which may be empty')
  if (value.length > maxAddresses)
    throw invalid('addresses', `has ${value.length} entries, and ${maxAddresses} are allowed`)
  const addresses = value.map((address: unknown, index) => {
    if (typeof address !== 'string' || !onionAddress.test(address))
      throw invalid(
        `addresses[${index}]`,
        'must be http:// and an onion address of 56 characters, with nothing after .onion',
      )
    return address
  })
  if (new Set(addresses).size !== addresses.length)
    throw invalid('addresses', 'has the same address twice')
  return addresses
}

type Group = Readonly<Record<string, unknown>>

function groupOf(value: unknown, field: string, known: readonly string[]): Group {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(field, 'must be a JSON object')
  const stranger = Object.keys(value).find((name) => !known.includes(name))
  if (stranger !== undefined)
    throw invalid(
      field,
      `has the unknown field ${printable(stranger)}: known are ${known.join(', ')}`,
    )
  return value as Group
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (cause) {
    throw new KeyringError('INVALID', 'organisation.json: not JSON in UTF-8', cause)
  }
}

/** Field names come from the file: they must not control a terminal or fill it. */
function printable(text: string): string {
  return JSON.stringify(text.slice(0, 40)).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
}

function invalid(field: string, problem: string): KeyringError {
  return new KeyringError('INVALID', `organisation.json: ${field} ${problem}`)
}
