import { h, type ComponentChild } from 'preact'
import { fill } from '../view/wording.ts'
import { TextBox } from './fields.ts'
import type { DeferredView } from './state.ts'
import { TapPicker } from './tap-picker.ts'
import { type AnswersScreen, type Entry, wordsPerThread } from './two-way-state.ts'

function Chosen(
  { words }: Entry,
  { spoken: { answers }, state, twoWay }: DeferredView,
): ComponentChild {
  const { deferred } = state
  const language = typeof deferred === 'string' ? 'en' : deferred.list.table.language
  return h(
    'div',
    { class: 'chosen' },
    h(
      'p',
      { class: 'hint', role: 'status', id: 'chosen-count' },
      fill(answers.tap.entered, { n: words.length }),
    ),
    words.length > 0 &&
      h(
        'ol',
        { class: 'words', lang: language === 'zh' ? 'zh-Hans' : language, translate: false },
        words.map((word) => h('li', null, word)),
      ),
    words.length > 0 &&
      h(
        'button',
        {
          type: 'button',
          class: 'button button-quiet',
          id: 'remove-word',
          onClick: twoWay.removeLast,
        },
        answers.tap.removeLast,
      ),
  )
}

const Typing = (
  { typed }: Entry,
  { spoken: { answers }, twoWay }: DeferredView,
): ComponentChild[] => [
  h('p', { class: 'notice notice-warm' }, answers.typing.risk),
  TextBox({
    id: 'typed-words',
    label: answers.typing.label,
    value: typed,
    onValue: twoWay.typeWords,
  }),
]

/** Where the twelve words are entered: by tapping, or by typing for those who want to. */
export function EnterWords({
  screen: { entry, isLooking },
  view,
}: {
  screen: AnswersScreen
  view: DeferredView
}): ComponentChild {
  const {
    spoken: { answers },
    state: { deferred },
    twoWay,
  } = view
  const { words, tapping, isTyping, problem } = entry
  const canTap = !isTyping && words.length < wordsPerThread && typeof deferred !== 'string'
  return h(
    'section',
    { class: 'card enter-words', 'aria-labelledby': 'enter-words' },
    h('h2', { id: 'enter-words', tabIndex: -1 }, answers.label),
    h('p', null, answers.hint),
    h('p', { class: 'hint' }, answers.privacy),
    h('p', { class: 'hint' }, answers.otherLanguage),
    isTyping ? Typing(entry, view) : Chosen(entry, view),
    canTap &&
      h(TapPicker, {
        texts: answers.tap,
        list: deferred.list,
        tapping,
        n: words.length + 1,
        onTap: twoWay.tap,
        onBack: twoWay.back,
      }),
    h(
      'p',
      { id: 'entry-problem', class: 'problem', tabIndex: -1, role: 'alert' },
      problem === null ? '' : fill(answers.problems[problem.code], { n: problem.n }),
    ),
    h(
      'div',
      { class: 'actions' },
      h(
        'button',
        { type: 'button', class: 'button', id: 'look', onClick: twoWay.look },
        answers.look,
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'button button-quiet',
          id: 'type-words',
          onClick: () => twoWay.setTyping(!isTyping),
        },
        isTyping ? answers.typing.close : answers.typing.open,
      ),
    ),
    isLooking && h('p', { role: 'status' }, answers.busy),
  )
}
