import { h, type ComponentChild } from 'preact'
import { fill } from '../view/wording.ts'
import { writeDay } from '../view/write-day.ts'
import type { FormContext } from './form-context.ts'
import { formLanguageOf } from './speaking.ts'

/**
 * What staff have signed about the keys, in words. It stands next to the numbers, which prove
 * something else: that the keys are those somebody gave the person.
 */
export function KeysStanding({ texts, state }: FormContext, issued: string): ComponentChild {
  const { keys, isJudged } = state.replies
  const language = formLanguageOf(state.texts)
  const days = { issued: writeDay(issued, language), day: writeDay(keys.day ?? issued, language) }
  return h(
    'div',
    { id: 'keys', 'data-keys': isJudged ? keys.state : 'loading' },
    h('p', null, fill(texts.keys.issued, days)),
    isJudged &&
      h(
        'p',
        keys.state === 'replayed' ? { class: 'notice notice-warm', role: 'alert' } : null,
        fill(texts.keys[keys.state], days),
      ),
    h('p', null, texts.keys.compare),
  )
}
