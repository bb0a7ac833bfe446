import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bech32 } from '@scure/base'
import { entropyToMnemonic } from '@scure/bip39'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js'
import { wordlist as chinese } from '@scure/bip39/wordlists/simplified-chinese.js'
import { identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { deriveThread, openedTag, replyTag } from '../../src/thread/thread.ts'
import { readWords, wordsOf } from '../../src/thread/words.ts'
import { revealIdentity } from '../../src/age/keys.ts'
import { providers } from '../age/providers.ts'

const spec = readFileSync(join(import.meta.dirname, '../../docs/sealed-tip.md'), 'utf8')
const valueOf = (name: string): string => {
  const [, value] = new RegExp(`^\\| ${name} \\| \`([^\`]+)\` \\|$`, 'mu').exec(spec) ?? []
  if (value === undefined) throw new TypeError(`docs/sealed-tip.md has no vector for ${name}`)
  return value
}
const bytesOf = (name: string) => Buffer.from(valueOf(name), 'hex')
const sha256 = (...parts: Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest('hex')

describe('the test vector of docs/sealed-tip.md', () => {
  const secret = bytesOf('secret')
  const salt = 'tumen/thread/v1'
  const derived = (info: string) => Buffer.from(hkdfSync('sha256', secret, salt, info, 32))

  describe('by other implementations alone', () => {
    it.each([
      ['English', english],
      ['Korean', korean],
      ['Chinese', chinese],
    ])('has the words in %s', (name, list) => {
      const words = entropyToMnemonic(secret, [...list]).normalize('NFC')
      expect(words).toBe(valueOf(`words, ${name}`))
    })

    it('has the keys, the thread and the tags', async () => {
      const seed = derived('identity')
      expect(seed.toString('hex')).toBe(valueOf('seed of the identity'))
      const identity = bech32.encode('age-secret-key-pq-', bech32.toWords(seed), false)
      expect(identity.toUpperCase()).toBe(valueOf('identity'))
      const recipient = await identityToRecipient(identity.toUpperCase())
      const { words } = bech32.decode(recipient as `${string}1${string}`, false)
      const publicKey = Buffer.from(bech32.fromWords(words))
      expect(sha256(publicKey)).toBe(valueOf("SHA-256 of the recipient's bytes"))
      const tagKey = derived('tag')
      expect(tagKey.toString('hex')).toBe(valueOf('tag key'))
      expect(sha256(Buffer.from(salt), publicKey, tagKey).slice(0, 32)).toBe(valueOf('thread'))
      const drop = bytesOf('drop')
      const tagOf = (label: string, ...rest: Uint8Array[]) =>
        createHmac('sha256', tagKey)
          .update(Buffer.concat([Buffer.from(label), drop, ...rest]))
          .digest('hex')
          .slice(0, 32)
      expect(tagOf('tumen/reply/v1', Uint8Array.of(0))).toBe(valueOf('tag 0'))
      expect(tagOf('tumen/reply/v1', Uint8Array.of(14))).toBe(valueOf('tag 14'))
      expect(tagOf('tumen/opened/v1')).toBe(valueOf('opened tag'))
    })

    it('has the header that GNU tar reads', () => {
      const header = Buffer.alloc(512)
      for (const [at, text] of [
        [0, 'opened.tags'],
        [100, '0000644'],
        [108, '0000000'],
        [116, '0000000'],
        [124, '00000020000'],
        [136, '00000000000'],
        [148, '        0'],
        [257, 'ustar\x0000'],
        [329, '0000000'],
        [337, '0000000'],
      ] as const)
        header.write(text, at, 'latin1')
      const sum = header.reduce((total, byte) => total + byte, 0)
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
      expect(sha256(header)).toBe(
        valueOf('SHA-256 of the tar header of `opened.tags`'.replaceAll('`', '.')),
      )
    })
  })

  it.each(providers)('is what $provider computes', ({ primitives }) => {
    const thread = deriveThread(primitives, secret)
    expect(revealIdentity(thread.identity)).toBe(valueOf('identity'))
    expect(Buffer.from(thread.tagKey).toString('hex')).toBe(valueOf('tag key'))
    expect(thread.id).toBe(valueOf('thread'))
    const drop = bytesOf('drop')
    expect(replyTag(primitives, thread.tagKey, drop, 0)).toBe(valueOf('tag 0'))
    expect(replyTag(primitives, thread.tagKey, drop, 14)).toBe(valueOf('tag 14'))
    expect(openedTag(primitives, thread.tagKey, drop)).toBe(valueOf('opened tag'))
  })

  it.each([
    ['en', 'English'],
    ['ko', 'Korean'],
    ['zh', 'Chinese'],
  ] as const)('is read and shown in %s', (language, name) => {
    const words = valueOf(`words, ${name}`)
    expect(wordsOf(secret, language).join(' ')).toBe(words)
    expect(readWords(words)).toEqual({ secret: new Uint8Array(secret), language })
  })
})
