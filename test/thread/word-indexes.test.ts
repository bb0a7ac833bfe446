import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secretOfIndexes, wordIndexesOf } from '../../src/thread/word-indexes.ts'

const secrets = fc.uint8Array({ minLength: 16, maxLength: 16 })

describe('wordIndexesOf', () => {
  it('gives the words that another implementation of BIP39 gives', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const words = wordIndexesOf(secret).map((index) => wordlist[index])
        expect(words.join(' ')).toBe(entropyToMnemonic(secret, wordlist))
      }),
    )
  })

  it('gives the words of a published vector', () => {
    const indexes = wordIndexesOf(new Uint8Array(16).fill(0x7f))
    expect(indexes.map((index) => wordlist[index]).join(' ')).toBe(
      'legal winner thank year wave sausage worth useful legal winner thank yellow',
    )
  })
})

describe('secretOfIndexes', () => {
  it('gives the secret again', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        expect(secretOfIndexes(wordIndexesOf(secret))).toEqual(secret)
      }),
    )
  })

  it('agrees with another implementation about which words are right', () => {
    const indexes = fc.array(fc.nat({ max: 2047 }), { minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(indexes, (drawn) => {
        const words = drawn.map((index) => wordlist[index]).join(' ')
        const expected = (() => {
          try {
            return mnemonicToEntropy(words, wordlist)
          } catch {
            return null
          }
        })()
        expect(secretOfIndexes(drawn)).toEqual(expected)
      }),
    )
  })
})
