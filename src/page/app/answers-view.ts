import { h, type ComponentChild } from 'preact'
import type { OpenedAnswers } from '../sealing/replies.ts'
import { fill, ForeignNote, languageOfGroup, withCode } from '../view/wording.ts'
import { writeDay } from '../view/write-day.ts'
import { AnswerView } from './answer-view.ts'
import { EnterWords } from './enter-words.ts'
import { formLanguageOf } from './speaking.ts'
import type { DeferredView } from './state.ts'
import type { AnswersScreen } from './two-way-state.ts'

const button = (id: string, label: string, onClick: () => void): ComponentChild =>
  h('button', { type: 'button', class: 'button button-quiet', id, onClick }, label)

/** Without a network the answers come in files that were saved before. */
const FromFile = ({ spoken: { answers }, twoWay }: DeferredView): ComponentChild =>
  h(
    'div',
    { class: 'card field' },
    h('label', { class: 'label', for: 'answers-file' }, withCode(answers.file)),
    h('input', {
      type: 'file',
      id: 'answers-file',
      name: 'answers-file',
      autocomplete: 'off',
      multiple: true,
      onChange: (event: { currentTarget: HTMLInputElement }) =>
        twoWay.takeFiles([...(event.currentTarget.files ?? [])]),
    }),
  )

/** How much of the answers has been loaded; every visit fetches them. */
function Arriving(view: DeferredView): ComponentChild {
  const { state, spoken, twoWay } = view
  const { answers } = spoken
  const { fetching, drops, keys, lastDay } = state.replies
  if (keys.state === 'replayed')
    return h('p', { class: 'notice notice-warm', id: 'replayed', role: 'alert' }, answers.replayed)
  if (state.address === 'none')
    return [
      h(FromFile, view),
      fetching === 'done' &&
        lastDay === null &&
        h('p', { class: 'notice', id: 'no-index' }, answers.noIndex),
    ]
  if (fetching === 'failed')
    return h(
      'div',
      { class: 'notice', id: 'not-fetched' },
      h('p', null, lastDay === null ? answers.noIndex : answers.failed),
      button('fetch-again', answers.again, twoWay.fetchAgain),
    )
  if (fetching === 'done' && lastDay === null)
    return h('p', { class: 'notice', id: 'no-index' }, answers.noIndex)
  if (fetching === 'done' || (lastDay !== null && drops.total === 0)) return null
  const isOlder = drops.isNewestCome && drops.come > 0
  return h(
    'p',
    // Older drops keep arriving for minutes, so a screen reader does not announce each of them.
    { class: 'hint', id: 'arriving', role: isOlder ? undefined : 'status' },
    // Before an index has come, it is not known how many there are.
    drops.total === 0
      ? answers.awaited
      : fill(isOlder ? answers.older : answers.arriving, { done: drops.come, total: drops.total }),
  )
}

/** What to say when no answer was found. It never says that there is none. */
function Nothing(
  opened: OpenedAnswers,
  { state, spoken: { answers } }: DeferredView,
): ComponentChild {
  const { replies, texts } = state
  if (opened.answers.length > 0) return null
  const life =
    replies.lastDay === null
      ? null
      : h('p', null, fill(answers.life, { day: writeDay(replies.lastDay, formLanguageOf(texts)) }))
  if (opened.openedOn !== null) return [h('p', { id: 'nothing-new' }, answers.nothingNew), life]
  if (replies.lastDay !== null && replies.drops.total === 0)
    return [h('p', { id: 'nobody-yet' }, answers.nobodyYet), life]
  if (replies.drops.come === 0) return life
  return [h('p', { id: 'nothing-found' }, fill(answers.nothingFound, { n: replies.days })), life]
}

function Opened({
  screen,
  opened,
  view,
}: {
  screen: AnswersScreen
  opened: OpenedAnswers
  view: DeferredView
}): ComponentChild {
  const {
    state: { texts },
    spoken: { answers },
    twoWay,
  } = view
  const language = formLanguageOf(texts)
  const isKnown = opened.answers.length > 0 || opened.openedOn !== null
  return h(
    'div',
    { class: 'opened' },
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'opened', 'data-answers': opened.answers.length },
      opened.openedOn !== null &&
        h(
          'p',
          { id: 'opened-on' },
          fill(answers.opened, { day: writeDay(opened.openedOn, language) }),
        ),
      Nothing(opened, view),
      opened.isSomeUnreadable && h('p', { class: 'notice', id: 'unreadable' }, answers.unreadable),
      h('p', { class: 'hint' }, answers.kept),
    ),
    opened.answers.map((answer) => AnswerView(answer, screen.consent[answer.id] ?? {}, view)),
    h(
      'div',
      { class: 'card actions' },
      isKnown && button('write-more', answers.writeMore, twoWay.writeMore),
      isKnown && button('renew', answers.renew, twoWay.renew),
      isKnown && button('close-thread', answers.close, twoWay.close),
      button(
        'other-words',
        isKnown ? answers.otherWords : answers.lookAgain,
        twoWay.enterOtherWords,
      ),
      isKnown && h('p', { class: 'hint' }, answers.closeMeans),
    ),
  )
}

/** The screen on which a source comes back. */
export function AnswersView({
  screen,
  view,
}: {
  screen: AnswersScreen
  view: DeferredView
}): ComponentChild {
  const { state, spoken } = view
  const isReplayed = state.replies.keys.state === 'replayed'
  return h(
    'div',
    { class: 'answers', id: 'answers', ...languageOfGroup(state.texts, 'answers') },
    h(ForeignNote, { texts: state.texts, group: 'answers' }),
    // The focus comes here when the words have been entered: what follows is the answers.
    h('h1', { id: 'opened', tabIndex: -1 }, spoken.answers.heading),
    Arriving(view),
    // No answer can be believed then, so no words are asked for either.
    isReplayed
      ? null
      : screen.opened === null
        ? h(EnterWords, { screen, view })
        : h(Opened, { screen, opened: screen.opened, view }),
  )
}
