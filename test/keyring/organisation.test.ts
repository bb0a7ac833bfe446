import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { maxOrganisationBytes } from '../../src/keyring/bounds.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { demoOrganisation } from '../../src/keyring/demo-organisation.ts'
import { KeyringError } from '../../src/keyring/errors.ts'
import { loadOrganisation } from '../../src/keyring/load-organisation.ts'
import {
  formatOrganisation,
  maxAddresses,
  maxOrganisationChars,
  organisationIn,
  organisationLanguages,
  parseOrganisation,
} from '../../src/keyring/organisation.ts'
import { generateSigningKey } from '../../src/keyring/minisign.ts'
import { signOrganisation } from '../../src/keyring/sign.ts'
import { LANGUAGES } from '../../src/page/languages.ts'
import { day, encode, makeTempDir, primitives } from './fixtures.ts'

const words = { about: 'We help.', reading: 'Every day.', elsewhere: 'The other office.' }
const onion = `http://${'a'.repeat(56)}.onion`
const organisation = {
  format: 'tumen-organisation',
  version: 1,
  languages: { en: { name: 'Us', ...words, title: 'Notes' }, ko: words },
  addresses: [onion],
}
const inEnglish = (change: object) => ({
  ...organisation,
  languages: { en: { ...words, ...change } },
})

function problemOf(value: unknown): string {
  try {
    parseOrganisation(value instanceof Uint8Array ? value : encode(value))
  } catch (error) {
    if (error instanceof KeyringError && error.code === 'INVALID') return error.message
    throw error
  }
  return ''
}

describe('parseOrganisation', () => {
  it('reads back what formatOrganisation wrote', () => {
    const read = parseOrganisation(encode(organisation))
    expect(read).toEqual(organisation)
    expect(parseOrganisation(formatOrganisation(read))).toEqual(read)
  })

  it('has the languages of the page', () => {
    expect([...organisationLanguages].sort()).toEqual([...LANGUAGES].sort())
  })

  it('accepts a name that is left out on purpose', () => {
    expect(problemOf(inEnglish({}))).toBe('')
    expect(problemOf(inEnglish({ name: null, title: null }))).toBe('')
  })

  it.each([
    ['languages.en.about', inEnglish({ about: undefined })],
    ['languages.en.about', inEnglish({ about: ' \n' })],
    ['languages.en.name', inEnglish({ name: '' })],
    ['languages.en.name', inEnglish({ name: 'two\nlines' })],
    ['languages.en.title', inEnglish({ title: 7 })],
    ['languages.en.reading', inEnglish({ reading: 'daily\u202eyliad' })],
    ['languages.en.elsewhere', inEnglish({ elsewhere: 'there\u0000' })],
    ['languages.en', { ...organisation, languages: { en: { ...words, abuot: 'x' } } }],
    ['languages', { ...organisation, languages: { kr: words } }],
    ['languages', { ...organisation, languages: {} }],
    ['addresses[1]', { ...organisation, addresses: [onion, 'https://example.org'] }],
    ['addresses[0]', { ...organisation, addresses: [`${onion}/`] }],
    ['addresses', { ...organisation, addresses: [onion, onion] }],
    ['addresses', { ...organisation, addresses: undefined }],
    ['format', { ...organisation, format: 'tumen-keyring' }],
    ['version', { ...organisation, version: 2 }],
    ['the file', []],
    ['not JSON', encode('{')],
    ['not JSON', new Uint8Array([0xff])],
  ])('names the field %s', (field, value) => {
    expect(problemOf(value)).toContain(`organisation.json: ${field}`)
  })

  it.each(Object.entries(maxOrganisationChars))('allows %s up to its bound', (field, most) => {
    expect(problemOf(inEnglish({ [field]: '말'.repeat(most) }))).toBe('')
    expect(problemOf(inEnglish({ [field]: '말'.repeat(most + 1) }))).toContain(
      `languages.en.${field} has ${most + 1} characters, and ${most} are allowed`,
    )
  })

  it('allows as many addresses as its bound, and a file of its bound in bytes', () => {
    const address = (index: number) =>
      onion.replace('aa', 'abcdefghijklmnopqrstuvwxyz'.slice(index, index + 2))
    const addresses = Array.from({ length: maxAddresses + 1 }, (_, index) => address(index))
    expect(problemOf({ ...organisation, addresses: addresses.slice(1) })).toBe('')
    expect(problemOf({ ...organisation, addresses })).toContain('addresses has 17 entries')
    const padded = (bytes: number) => encode(JSON.stringify(organisation).padEnd(bytes))
    expect(problemOf(padded(maxOrganisationBytes))).toBe('')
    expect(problemOf(padded(maxOrganisationBytes + 1))).toContain('longer than')
  })

  it('fits every language at the bound of every text into the bound of the file', () => {
    const longest = Object.fromEntries(
      Object.entries(maxOrganisationChars).map(([field, most]) => [field, '"'.repeat(most)]),
    )
    const languages = Object.fromEntries(organisationLanguages.map((code) => [code, longest]))
    expect(problemOf({ ...organisation, languages })).toBe('')
  })

  it('throws nothing but its own error, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        problemOf(encode(text))
      }),
    )
    fc.assert(fc.property(fc.jsonValue(), (value) => void problemOf(inEnglish({ about: value }))))
  })

  it('never lets a field name of the file control a terminal', () => {
    const message = problemOf({ ...organisation, '\u001b[2J\u202e': 1 })
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('organisationIn', () => {
  const read = parseOrganisation(encode(organisation))

  it('uses the first language that exists', () => {
    expect(organisationIn(read, ['ko', 'en']).language).toBe('ko')
    expect(organisationIn(read, ['ug', 'ko']).language).toBe('ko')
    expect(organisationIn(read, ['ug', 'ru']).language).toBe('en')
  })
})

describe('loadOrganisation', () => {
  async function demo() {
    const base = await makeTempDir()
    const keysDir = join(base, 'keys')
    await createDemoCeremony({ keysDir, dataDir: join(base, 'var'), day, primitives })
    return keysDir
  }

  it('reads the one of a demo, which says DEMO in every language', async () => {
    const loaded = await loadOrganisation(await demo())
    expect(loaded?.organisation).toEqual(demoOrganisation)
    for (const { name, about, reading, elsewhere } of Object.values(demoOrganisation.languages))
      for (const text of [name, about, reading, elsewhere]) expect(text).toMatch(/^DEMO/u)
  })

  it('returns null without a file', async () => {
    const keysDir = await demo()
    await rm(join(keysDir, 'organisation.json'))
    expect(await loadOrganisation(keysDir)).toBeNull()
  })

  it.each([
    ['one changed byte', 'TAMPERED', 'change'],
    ['no signature', 'UNSIGNED', 'unsign'],
    ['a signature of another key', 'TAMPERED', 'foreign'],
    ['no root key', 'ROOT_MISSING', 'root'],
  ])('refuses %s', async (_name, code, how) => {
    const keysDir = await demo()
    const path = join(keysDir, 'organisation.json')
    const bytes = await readFile(path)
    if (how === 'change') await writeFile(path, bytes.toString().replace('Nobody', 'Anybody'))
    if (how === 'unsign') await rm(`${path}.minisig`)
    if (how === 'foreign')
      await writeFile(`${path}.minisig`, signOrganisation(bytes, generateSigningKey(), day))
    if (how === 'root') await rm(join(keysDir, 'root.pub'))
    await expect(loadOrganisation(keysDir)).rejects.toMatchObject({ code })
  })
})
