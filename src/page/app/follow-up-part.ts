import { h, type ComponentChild } from 'preact'
import { languageOfGroup } from '../view/wording.ts'
import type { DeferredView } from './state.ts'

/** Stands above the form when the message belongs to one that was sent before. */
export function FollowUpPart({ state, spoken: { answers } }: DeferredView): ComponentChild {
  const { followUp } = state
  if (followUp === null) return null
  const words = answers.followUp
  const hasConsent = Object.keys(followUp.consent).length > 0
  return h(
    'div',
    { class: 'follow-up', ...languageOfGroup(state.texts, 'answers') },
    h('h1', { id: 'follow-up', tabIndex: -1 }, words.heading),
    h('p', { class: 'lead' }, words.intro),
    h(
      'ul',
      null,
      hasConsent && h('li', null, words.consented),
      followUp.isRenewing && h('li', null, words.renewing),
      followUp.isClosing && h('li', null, words.closing),
    ),
  )
}
