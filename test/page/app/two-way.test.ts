import { pinyin } from 'pinyin-pro'
import { describe, expect, it } from 'vitest'
import { notTapped, nextStep, tapOn } from '../../../src/page/app/tapping.ts'
import { cardOf, chooseChecked, startChecking } from '../../../src/page/app/two-way-state.ts'
import { loadWordList } from '../../../src/page/app/word-lists/load.ts'
import { traditionalForms, wordList as chinese } from '../../../src/page/app/word-lists/zh.ts'
import { traditional } from '../../../src/thread/chinese-traditional.ts'
import { wordIndexesOf } from '../../../src/thread/word-indexes.ts'
import { tipFromDraft } from '../../../src/page/app/draft-to-tip.ts'
import { emptyDraft } from '../../../src/page/app/draft.ts'
import { problemsOf } from '../../../src/page/app/problems.ts'
import { plainFollowUp } from '../../../src/page/app/two-way-state.ts'
import { deniedIndexes } from '../../../src/thread/denied-indexes.ts'

const lists = await Promise.all((['en', 'ko', 'zh'] as const).map(loadWordList))

describe.each(lists)('tapping words of $table.language', (list) => {
  it('leads to every word that can be drawn, and to no other', () => {
    const words = new Set<string>()
    for (const letter of nextStep(list, notTapped).choices) {
      const afterLetter = nextStep(list, { letter, start: null })
      if (afterLetter.at === 'word') for (const word of afterLetter.choices) words.add(word)
      else
        for (const start of afterLetter.choices)
          for (const word of nextStep(list, { letter, start }).choices) words.add(word)
    }
    const drawn = list.table.words.filter((_, index) => !deniedIndexes.has(index))
    expect([...words].toSorted()).toEqual([...drawn].toSorted())
  })

  it('offers few enough choices at each step to be seen at a glance', () => {
    const letters = nextStep(list, notTapped).choices
    expect(letters).not.toEqual([])
    for (const letter of letters) {
      const { choices } = nextStep(list, { letter, start: null })
      expect(choices).not.toEqual([])
      expect(choices.length).toBeLessThan(80)
      for (const start of choices)
        expect(nextStep(list, { letter, start }).choices.length).toBeLessThan(50)
    }
  })
})

describe('the Chinese list', () => {
  it('reads traditional characters once they have been loaded', async () => {
    await traditionalForms
    const secret = new Uint8Array(16).fill(5)
    const words = wordIndexesOf(secret).map((index) => traditional[index] ?? '')
    expect(chinese.read(words.join(''))).toEqual(secret)
  })
})

describe('the sounds of the Chinese characters', () => {
  it('are those of pinyin-pro', () => {
    const list = lists[2]
    const odd = list?.table.words.filter((word, index) => {
      const read = pinyin(word, { toneType: 'none', v: true, multiple: true, type: 'array' })
      const kept = list.keysOf(word, index).map(({ start }) => start)
      return [...new Set(read)].join() !== kept.join()
    })
    expect(odd).toEqual([])
  })
})

describe('checking the words', () => {
  const [english] = lists
  const indexes = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]

  it('asks for three of them, repeats a wrong one, and forgets them when all are right', () => {
    if (english === undefined) throw new Error('no list')
    const shown = cardOf({ words: 'new', indexes }, english)
    if (shown.at !== 'shown') throw new Error('no words are shown')
    let card = startChecking(shown.fresh, () => 0.5)
    for (let rights = 0; rights < 3; rights += 1) {
      if (card.at !== 'checking') throw new Error('too few are asked for')
      const wrong = chooseChecked(card, 'not on the slip')
      expect(wrong).toMatchObject({ at: 'checking', isWrong: true, asked: card.asked })
      card = chooseChecked(card, shown.fresh.words[card.asked[0] ?? 0] ?? '')
    }
    expect(card).toEqual({ at: 'checked' })
  })

  it('counts a word as chosen only at the last step', () => {
    if (english === undefined) throw new Error('no list')
    const first = tapOn(english, notTapped, 's')
    expect(first).toEqual({ tapping: { letter: 's', start: null } })
    expect(tapOn(english, { letter: 's', start: 'sa' }, 'sad')).toEqual({ word: 'sad' })
  })
})

describe('a follow-up', () => {
  const now = new Date(2026, 10, 28)
  const followUp = { ...plainFollowUp, answers: 'a'.repeat(32), consent: { un: 'yes' as const } }

  it('holds only what was asked and answered about consent', () => {
    const options = { followUp, blankNarrative: 'only the answers' }
    const tip = tipFromDraft(emptyDraft, 'ko', now, options)
    expect(tip).toMatchObject({
      narrative: 'only the answers',
      answers: 'a'.repeat(32),
      consent: [{ recipient: 'un', level: 'named' }],
    })
    expect(tip).not.toHaveProperty('close')
  })

  it('turns no into no, and not yet into a question', () => {
    const consent = { un: 'no', media: 'not_yet' } as const
    const tip = tipFromDraft(emptyDraft, 'ko', now, {
      followUp: { ...followUp, consent, isClosing: true },
      blankNarrative: 'x',
    })
    expect(tip.consent).toEqual([
      { recipient: 'un', level: 'no' },
      { recipient: 'media', level: 'ask_first' },
    ])
    expect(tip.close).toBe(true)
  })

  it('may be sent without a text if it answers something, and a first message may not', () => {
    expect(problemsOf(emptyDraft, followUp)).toEqual([])
    expect(problemsOf(emptyDraft, plainFollowUp)).toHaveLength(1)
    expect(problemsOf(emptyDraft)).toHaveLength(1)
  })
})
