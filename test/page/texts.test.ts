import { describe, expect, it } from 'vitest'
import { textsOf } from '../../src/page/all-texts.ts'
import { LANGUAGES } from '../../src/page/languages.ts'
import * as bo from '../../src/page/languages/bo.ts'
import * as en from '../../src/page/languages/en.ts'
import * as ko from '../../src/page/languages/ko.ts'
import * as ru from '../../src/page/languages/ru.ts'
import * as ug from '../../src/page/languages/ug.ts'
import * as zh from '../../src/page/languages/zh.ts'
import { OWN_GROUPS } from '../../src/page/texts.ts'
import { complaintsAbout, type Tree } from './complaints.ts'

const complete = { ko, zh }
const partial = { ug, ru, bo }
/** The groups that a partial language must have, and those that it has besides. */
const ownPart = (groups: readonly string[]): Tree =>
  Object.fromEntries(
    [...new Set([...OWN_GROUPS, ...groups])].map((group) => [group, en[group as keyof typeof en]]),
  ) as unknown as Tree

describe('the language files', () => {
  it.each(Object.entries({ en, ...complete }))(
    'contain for %s every string of English, and no invalid one',
    (language, own) => {
      expect(
        complaintsAbout(language, { ...own } as unknown as Tree, { ...en } as unknown as Tree),
      ).toEqual([])
    },
  )

  it.each(Object.entries(partial))(
    'contain for %s every string of the frame, the safety texts and the instructions without scripts',
    (language, own) => {
      const { fallback, foreignNote, ...groups } = own
      expect(foreignNote).not.toBe('')
      expect(Object.keys(textsOf(fallback as 'en').foreign)).toEqual([])
      expect(
        complaintsAbout(language, groups as unknown as Tree, ownPart(Object.keys(groups))),
      ).toEqual([])
    },
  )
})

describe('complaintsAbout', () => {
  const reference = {
    frame: { home: 'Back to the start', expires: 'Until {day}', lines: ['Write `tip.txt`', 'two'] },
  }
  const good = {
    frame: { home: '처음으로', expires: '{day}까지', lines: ['`tip.txt`를 쓰세요', '둘'] },
  }
  const broken = (part: Record<string, unknown>): Tree => ({ frame: { ...good.frame, ...part } })

  it('finds nothing in complete texts', () => {
    expect(complaintsAbout('ko', good, reference)).toEqual([])
  })

  it.each([
    ['a missing string', { home: undefined }, ['ko frame.home: missing']],
    ['an empty string', { home: ' ' }, ['ko frame.home: empty']],
    ['a string left in English', { home: 'Back to the start' }, ['ko frame.home: as in English']],
    ['a missing line', { lines: ['`tip.txt`를 쓰세요'] }, ['ko frame.lines.1: missing']],
    [
      'a line too many',
      { lines: [...good.frame.lines, '셋'] },
      ['ko frame.lines.2: not in English'],
    ],
    [
      'another placeholder',
      { expires: '{days}까지' },
      ['ko frame.expires: placeholders {days} instead of {day}'],
    ],
    [
      'another file name',
      { lines: ['`tips.txt`', '둘'] },
      ['ko frame.lines.0: placeholders `tips.txt` instead of `tip.txt`'],
    ],
    ['a word to avoid', { home: '신고하기' }, ['ko frame.home: says 신고']],
  ])('names %s', (_name, part, complaints) => {
    expect(complaintsAbout('ko', broken(part), reference)).toEqual(complaints)
  })

  it.each([
    ['en', 'We encrypt it'],
    ['zh', '我们加密'],
    ['zh', '举报'],
    ['zh', '线人'],
    ['ko', '메타데이터'],
    ['ru', 'Мы шифруем это'],
  ])('knows the words of %s: %s', (language, text) => {
    expect(
      complaintsAbout(language, { frame: { home: text } }, { frame: { home: 'x' } }),
    ).toHaveLength(1)
  })
})

describe('textsOf', () => {
  it('returns all groups for every language, and says which are in a foreign one', () => {
    for (const language of LANGUAGES) {
      const texts = textsOf(language)
      expect(texts.language).toBe(language)
      for (const group of Object.keys(en))
        expect(texts, `${language} ${group}`).toHaveProperty(group)
    }
    expect(textsOf('ko').foreign).toEqual({})
    expect(textsOf('bo').foreign).toEqual({
      answers: 'en',
      form: 'en',
      words: 'en',
      frontPage: 'en',
      later: 'en',
      offline: 'en',
      organisation: 'en',
      receipt: 'en',
      receipts: 'en',
      torFacts: 'en',
      problems: 'en',
    })
    expect(textsOf('bo').receipt).toBe(en.receipt)
    expect(textsOf('ru').problems).toBe(en.problems)
    expect(textsOf('ru').frame).toBe(ru.frame)
  })
})
