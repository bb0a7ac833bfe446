import { wordlist as bip39Simplified } from '@scure/bip39/wordlists/simplified-chinese.js'
import { wordlist as bip39Traditional } from '@scure/bip39/wordlists/traditional-chinese.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deniedIndexes } from '../../src/thread/denied-indexes.ts'
import { otherTraditionalForms } from '../../src/thread/chinese-forms.ts'
import { simplified } from '../../src/thread/chinese-simplified.ts'
import { traditional } from '../../src/thread/chinese-traditional.ts'
import { deniedWords } from '../../src/thread/denied-words.ts'
import { northKoreanSpellings } from '../../src/thread/korean-spellings.ts'
import { foldWord } from '../../src/thread/word-table.ts'
import type { WordLanguage } from '../../src/thread/words.ts'
import {
  drawThreadSecret,
  findWord,
  readWords,
  ThreadError,
  wordLanguageFor,
  wordList,
  wordsOf,
} from '../../src/thread/words.ts'
import { providers } from '../age/providers.ts'

const languages = ['en', 'ko', 'zh'] as const
const secrets = fc.uint8Array({ minLength: 16, maxLength: 16 })

function refusalOf(text: string | readonly string[]) {
  try {
    readWords(text)
  } catch (error) {
    if (error instanceof ThreadError) return { code: error.code, position: error.position }
    throw error
  }
  return null
}

/** Every spelling that is understood, with the entry of the list that it stands for. */
function spellingsOf(language: WordLanguage): [spelling: string, word: string][] {
  return wordList(language).flatMap((word, index) => {
    const others =
      language === 'ko'
        ? northKoreanSpellings(word)
        : language === 'zh'
          ? [traditional[index] ?? '', ...(otherTraditionalForms.get(word) ?? [])]
          : []
    return [word, ...others].map((spelling): [string, string] => [spelling, word])
  })
}

describe.each(languages)('the list %s', (language) => {
  it('has 2,048 entries, of which no two are read as the same word', () => {
    const words = wordList(language)
    expect(words).toHaveLength(2048)
    const wordOfKey = new Map<string, string>()
    for (const [spelling, word] of spellingsOf(language)) {
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
        const key = foldWord(spelling.normalize(form))
        expect(wordOfKey.get(key) ?? word).toBe(word)
        wordOfKey.set(key, word)
      }
    }
  })

  it('is found by every spelling of an entry', () => {
    for (const [spelling, word] of spellingsOf(language)) {
      expect(findWord(spelling.normalize('NFD'), language)).toBe(word)
      expect(findWord(` ${spelling.toUpperCase()}\u200b`, language)).toBe(word)
    }
  })

  it('gives a secret again however its words were written', () => {
    const separators = fc.constantFrom(
      ' ',
      '  ',
      '\n',
      ' \u3000',
      '\t',
      ', ',
      '\u00a0',
      '、',
      '\r\n',
    )
    const forms = fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD')
    fc.assert(
      fc.property(secrets, separators, forms, (secret, separator, form) => {
        const words = wordsOf(secret, language)
        const text = words.join(separator).normalize(form)
        expect(readWords(text)).toEqual({ secret, language })
        expect(readWords(`1. ${words.join('\n2. ')}\n`)).toEqual({ secret, language })
        expect(readWords(words.map((word) => word.normalize(form)))).toEqual({ secret, language })
      }),
    )
  })

  it('gives a secret again from words without blanks, or says that they can be read twice', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const run = wordsOf(secret, language).join('')
        const refusal = refusalOf(run)
        if (refusal === null) expect(readWords(run)).toEqual({ secret, language })
        else expect(refusal).toEqual({ code: 'WORDS_CHECKSUM', position: undefined })
      }),
    )
  })

  it('names the first word that is not on the list', () => {
    const words = wordsOf(new Uint8Array(16), language)
    const wrong = language === 'en' ? 'xylophone' : language === 'ko' ? '뷁뷁' : '龘'
    const with7 = words.with(6, wrong)
    expect(refusalOf(with7.join(' '))).toEqual({ code: 'WORD_UNKNOWN', position: 7 })
    expect(refusalOf(with7)).toEqual({ code: 'WORD_UNKNOWN', position: 7 })
    expect(refusalOf(with7.join(''))).toEqual({ code: 'WORD_UNKNOWN', position: 7 })
    expect(refusalOf(with7.with(9, wrong))).toEqual({ code: 'WORD_UNKNOWN', position: 7 })
  })

  it.each([0, 1, 11, 13, 24])('asks for twelve words when there are %i', (count) => {
    const word = wordList(language)[5] ?? ''
    const words = Array.from({ length: count }, () => word)
    expect(refusalOf(words.join(' '))?.code).toBe('WORDS_COUNT')
    expect(refusalOf(words)?.code).toBe('WORDS_COUNT')
  })

  it('notices two words that changed places', () => {
    const words = wordsOf(
      Uint8Array.from({ length: 16 }, (_, at) => at * 7),
      language,
    )
    const swapped = words.with(2, words[3] ?? '').with(3, words[2] ?? '')
    expect(refusalOf(swapped)).toEqual({ code: 'WORDS_CHECKSUM', position: undefined })
  })
})

describe('the Chinese lists', () => {
  it('are those of BIP39', () => {
    expect(simplified).toEqual(bip39Simplified)
    expect(traditional).toEqual(bip39Traditional)
  })
})

describe('readWords', () => {
  it.each([
    ['노동', '로동'],
    ['여권', '려권'],
    ['역사', '력사'],
    ['연습', '련습'],
    ['이론적', '리론적'],
    ['냉면', '랭면'],
    ['이발소', '리발소'],
    ['여성', '녀성'],
    ['육군', '륙군'],
    ['비율', '비률'],
    ['효율적', '효률적'],
    ['촛불', '초불'],
  ])('understands %s spelled as in the North: %s', (south, north) => {
    expect(findWord(north, 'ko')).toBe(south)
    expect(findWord(north.normalize('NFD'), 'ko')).toBe(south)
  })

  it('understands Hangul typed as separate letters', () => {
    expect(findWord('ㅇㅏㅇㅣㄷㅣㅇㅓ', 'ko')).toBeNull()
    expect(findWord('ㅂㅏㄴㅏㄴㅏ', 'ko')).toBe('바나나')
  })

  it('understands traditional characters', () => {
    expect(findWord('為', 'zh')).toBe('为')
    expect(findWord('時', 'zh')).toBe('时')
    for (const form of ['發', '髮']) expect(findWord(form, 'zh')).toBe('发')
    const listed = wordList('zh')
    expect([...otherTraditionalForms.keys()].filter((each) => !listed.includes(each))).toEqual([])
  })

  it('never throws anything but ThreadError, and never takes long', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.array(fc.constantFrom('가', '가가', 'a', 'an', '的', ' ', '\u0000'), { maxLength: 2000 }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        refusalOf(text)
      }),
    )
    expect(refusalOf('a'.repeat(1_000_000))?.code).toBe('WORDS_COUNT')
    expect(refusalOf(['abandon'.repeat(100_000)])?.code).toBe('WORDS_COUNT')
  })

  it('quotes no word in an error', () => {
    expect(() => readWords('hello '.repeat(11) + 'secretish')).toThrow(/^(?!.*secretish)/)
  })
})

describe('drawThreadSecret', () => {
  it('denies exactly the words of the deny-lists', () => {
    const indexes = languages.flatMap((language) =>
      deniedWords[language].split(/\s+/u).map((word) => wordList(language).indexOf(word)),
    )
    expect(indexes).not.toContain(-1)
    expect([...deniedIndexes]).toEqual([...new Set(indexes)].toSorted((a, b) => a - b))
  })

  it('costs about one and a half bits', () => {
    const bits = -12 * Math.log2(1 - deniedIndexes.size / 2048)
    expect(bits).toBeGreaterThan(1)
    expect(bits).toBeLessThan(2)
  })

  it.each(providers)('shows no denied word in any language, with $provider', ({ primitives }) => {
    const denied = new Set(languages.flatMap((each) => deniedWords[each].split(/\s+/u)))
    for (let count = 0; count < 500; count += 1) {
      const secret = drawThreadSecret(primitives)
      expect(secret).toHaveLength(16)
      const shown = languages.flatMap((language) => wordsOf(secret, language))
      expect(shown.filter((word) => denied.has(word))).toEqual([])
    }
  })

  it('draws again after a denied word', () => {
    const draws = [new Uint8Array(16).fill(0x7f), new Uint8Array(16).fill(0)]
    expect(wordsOf(draws[0] ?? new Uint8Array(), 'en')).toContain('legal')
    let drawn = 0
    drawThreadSecret({ randomBytes: () => draws[drawn++]?.slice() ?? new Uint8Array(16).fill(9) })
    expect(drawn).toBeGreaterThan(1)
  })
})

describe('wordLanguageFor', () => {
  it.each([
    ['ko', 'ko'],
    ['zh', 'zh'],
    ['zh-TW', 'zh'],
    ['KO_kp', 'ko'],
    ['en', 'en'],
    ['ru', 'en'],
    ['ug', 'en'],
    ['bo', 'en'],
    ['', 'en'],
    ['kok', 'en'],
  ])('%s: %s', (page, words) => {
    expect(wordLanguageFor(page)).toBe(words)
  })
})
