import { h, type ComponentChild } from 'preact'
import type { Answer, Ask } from '../sealing/replies.ts'
import { fill, languageAttributes } from '../view/wording.ts'
import { writeDay } from '../view/write-day.ts'
import { Radios } from './fields.ts'
import { formLanguageOf } from './speaking.ts'
import type { DeferredView } from './state.ts'
import type { ConsentAnswer, ConsentAnswers } from './two-way-state.ts'

const consentCodes: readonly ConsentAnswer[] = ['yes', 'no', 'not_yet']

/**
 * One question about consent. Its words are the page's own: a desk chooses only whom it is about.
 */
const Question = (
  answer: Answer,
  ask: Ask,
  chosen: ConsentAnswers,
  { spoken: { answers }, twoWay }: DeferredView,
): ComponentChild =>
  h(
    'div',
    { key: ask, class: 'question' },
    Radios({
      id: `ask-${answer.id.slice(0, 8)}-${ask}`,
      label: answers.ask[ask],
      hint: ask === 'un' ? answers.unMeans : undefined,
      codes: consentCodes,
      labels: answers.consent,
      value: chosen[ask] ?? '',
      onValue: (value) => twoWay.choose(answer.id, ask, value),
    }),
  )

/**
 * One answer. Its text comes from outside: it is drawn as text alone, kept inside its box whatever
 * it contains, and cannot change the direction of what stands around it.
 */
export function AnswerView(
  answer: Answer,
  chosen: ConsentAnswers,
  view: DeferredView,
): ComponentChild {
  const { state, spoken, twoWay } = view
  const { answers } = spoken
  const { texts } = state
  const day = writeDay(answer.day, formLanguageOf(texts))
  const id = `answer-${answer.id.slice(0, 8)}`
  return h(
    'section',
    { key: answer.id, class: 'card answer', 'aria-labelledby': id, 'data-answer': answer.id },
    h('h2', { id }, fill(answers.answerOf, { day })),
    h('div', { class: 'answer-text', dir: 'auto' }, answer.text),
    answer.isWhole ? null : h('p', { class: 'notice' }, answers.partMissing),
    h(
      'p',
      {
        class: 'notice notice-warm answer-warning',
        ...languageAttributes(texts.foreign.warning ?? texts.language),
      },
      spoken.warning.answer,
    ),
    answer.asks.length > 0 && h('p', null, h('strong', null, answers.asks)),
    answer.asks.map((ask) => Question(answer, ask, chosen, view)),
    h(
      'p',
      null,
      h(
        'button',
        {
          type: 'button',
          class: 'button',
          id: `${id}-reply`,
          onClick: () => twoWay.writeBack(answer.id),
        },
        answers.reply,
      ),
    ),
  )
}
