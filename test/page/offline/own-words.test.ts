import { describe, expect, it } from 'vitest'
import { demoOrganisation } from '../../../src/keyring/demo-organisation.ts'
import { formatPublicKeyLine, generateSigningKey } from '../../../src/keyring/minisign.ts'
import { formatOrganisation } from '../../../src/keyring/organisation.ts'
import { signOrganisation } from '../../../src/keyring/sign.ts'
import { ownWordsIn } from '../../../src/page/offline/own-words.ts'

const root = generateSigningKey()
const bytes = formatOrganisation(demoOrganisation)
const base64 = (content: Uint8Array | string): string => Buffer.from(content).toString('base64')
const trust = {
  keyring: '',
  signature: '',
  rootKey: formatPublicKeyLine(root.publicKey),
  organisation: base64(bytes),
  organisationSignature: base64(signOrganisation(bytes, root, '2026-11-23')),
}

describe('ownWordsIn', () => {
  it('reads the words of the language, or of the next best', () => {
    expect(ownWordsIn(trust, 'ko')?.words).toEqual(demoOrganisation.languages.ko)
    expect(ownWordsIn(trust, 'ug')?.language).toBe('en')
  })

  it.each([
    ['there is none', { organisation: null }],
    ['there is no signature', { organisationSignature: null }],
    ['it was changed', { organisation: base64(Buffer.concat([bytes, Buffer.from(' ')])) }],
    ['another key signed it', { rootKey: formatPublicKeyLine(generateSigningKey().publicKey) }],
    ['it is not base64', { organisation: '?' }],
  ])('says nothing when %s', (_name, change) => {
    expect(ownWordsIn({ ...trust, ...change }, 'en')).toBeNull()
  })
})
