import { h, type ComponentChild } from 'preact'
import type { DeferredView } from '../app/state.ts'
import { WordsCardView } from '../app/words-card.ts'
import { formLanguageOf } from '../app/speaking.ts'
import { ReceiptGroups } from '../view/receipt.ts'
import { fill, languageAttributes, paragraphs } from '../view/wording.ts'
import { offlineTextsOf } from './speaking-offline.ts'

export const SAVED_NAME = 'notes.age'

/** The view shown in place of a receipt, because nothing has been sent yet. */
export function SavedView({
  receipt,
  url,
  view,
}: {
  receipt: string
  url: string
  view: DeferredView
}): ComponentChild {
  const { texts } = view.state
  const { saved } = offlineTextsOf(texts.language, formLanguageOf(texts))
  return h(
    'section',
    {
      class: 'card',
      id: 'saved',
      'data-receipt': receipt,
      ...languageAttributes(formLanguageOf(texts)),
    },
    h('h1', null, saved.heading),
    paragraphs(saved.lines.map((line) => fill(line, { sealed: texts.frame.sealed }))),
    h(
      'p',
      null,
      h('a', { class: 'button', id: 'save-again', href: url, download: SAVED_NAME }, saved.again),
    ),
    h('h2', null, saved.label),
    h(ReceiptGroups, { receipt }),
    h(WordsCardView, { view }),
  )
}
