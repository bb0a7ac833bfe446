import { h, type ComponentChild } from 'preact'
import { fill, languageOfGroup } from '../view/wording.ts'
import type { DeferredView } from './state.ts'
import { TapPicker } from './tap-picker.ts'
import type { FreshWords, WordsCard } from './two-way-state.ts'
import { wordLanguageOf } from './word-lists/load.ts'

const button = (id: string, label: string, onClick: () => void, kind = ''): ComponentChild =>
  h('button', { type: 'button', class: `button ${kind}`, id, onClick }, label)

/**
 * The words are plain text in a list. There is no button to copy them, and they cannot be selected:
 * a clipboard is read by other programs.
 */
const Words = ({ words, list }: FreshWords): ComponentChild =>
  h(
    'ol',
    {
      class: 'words',
      id: 'twelve-words',
      lang: list.table.language === 'zh' ? 'zh-Hans' : list.table.language,
      translate: false,
    },
    words.map((word) => h('li', null, word)),
  )

function Shown(
  { fresh }: Extract<WordsCard, { at: 'shown' }>,
  { spoken: { words }, state, twoWay }: DeferredView,
): ComponentChild[] {
  const isForeign = wordLanguageOf(state.texts.language) === 'en' && state.texts.language !== 'en'
  return [
    fresh.isRenewed && h('p', { class: 'notice' }, words.renewed),
    h('p', null, words.main),
    isForeign && h('p', { class: 'hint' }, words.english),
    h(Words, fresh),
    h('p', null, h('strong', null, words.once)),
    h('p', null, words.safe),
    h('p', null, words.without),
    h(
      'div',
      { class: 'actions' },
      button('words-written', words.written, twoWay.checkWords),
      button('words-skip', words.skip, twoWay.skipWords, 'button-quiet'),
    ),
  ]
}

function Checking(
  { fresh, asked, tapping, isWrong }: Extract<WordsCard, { at: 'checking' }>,
  { spoken: { words, answers }, twoWay }: DeferredView,
): ComponentChild[] {
  const n = (asked[0] ?? 0) + 1
  return [
    h('p', null, fill(words.checkAsk, { n })),
    h(
      'p',
      { class: isWrong ? 'problem' : 'hint', id: 'check-answer', role: 'status' },
      isWrong ? fill(words.checkWrong, { n }) : '',
    ),
    h(TapPicker, {
      texts: answers.tap,
      list: fresh.list,
      tapping,
      n,
      onTap: twoWay.tapChecked,
      onBack: twoWay.backInCheck,
    }),
    h(
      'div',
      { class: 'actions' },
      button('words-again', words.showAgain, twoWay.showWords, 'button-quiet'),
      button('words-skip', words.skip, twoWay.skipWords, 'button-quiet'),
    ),
  ]
}

function inside(card: WordsCard, view: DeferredView): ComponentChild {
  switch (card.at) {
    case 'shown':
      return Shown(card, view)
    case 'checking':
      return Checking(card, view)
    case 'impossible':
    case 'same':
    case 'skipped':
    case 'checked':
      return h('p', null, view.spoken.words[card.at])
  }
}

/** The part of the receipt screen that is about coming back. */
export function WordsCardView({ view }: { view: DeferredView }): ComponentChild {
  const { state, spoken } = view
  if (state.words === null) return null
  const heading = state.words.at === 'checking' ? spoken.words.checkHeading : spoken.words.heading
  return h(
    'section',
    {
      class: 'card no-print twelve',
      'aria-labelledby': 'words',
      'data-words': state.words.at,
      ...languageOfGroup(state.texts, 'words'),
    },
    h('h2', { id: 'words', tabIndex: -1 }, heading),
    inside(state.words, view),
  )
}
