import { h, type ComponentChild } from 'preact'
import { Receipt } from '../view/receipt.ts'
import { languageAttributes, languageOfGroup } from '../view/wording.ts'
import { formLanguageOf } from './speaking.ts'
import type { DeferredView, Screen } from './state.ts'
import { WordsCardView } from './words-card.ts'

type HasReceipt = Extract<Screen, { at: 'receipt' }>

const answerOf = (
  { asking }: HasReceipt,
  { texts, spoken: { receipts } }: DeferredView,
): string => {
  switch (asking) {
    case null:
      return ''
    case 'asking':
      return texts.receipt.asking
    case 'unreachable':
      return texts.receipt.unreachable
    case 'unknown':
      return receipts.unknown
  }
}

/** The receipt may be copied: it opens nothing and says nothing about who has it. */
const CopyReceipt = (
  { isCopied }: HasReceipt,
  { actions, spoken: { words } }: DeferredView,
): ComponentChild =>
  h(
    'p',
    { class: 'no-print' },
    h(
      'button',
      {
        type: 'button',
        class: 'button button-quiet',
        id: 'copy-receipt',
        onClick: actions.copyReceipt,
      },
      words.copyReceipt,
    ),
    isCopied && [' ', h('span', { id: 'receipt-copied' }, words.copied)],
  )

/** What happens next and when: in the organisation's own words where the root signed some. */
const Happens = ({ state, spoken: { words } }: DeferredView): ComponentChild => {
  const [carried, asking] = words.happens
  const own = state.organisation
  const reading =
    own === null ? [] : own.words.reading.split('\n').filter((line) => line.trim() !== '')
  return h(
    'section',
    {
      class: 'card no-print',
      'aria-labelledby': 'happens',
      ...languageOfGroup(state.texts, 'words'),
    },
    h('h2', { id: 'happens' }, words.happensHeading),
    own !== null && reading.length > 0
      ? reading.map((line) => h('p', languageAttributes(own.language), line))
      : h('p', null, carried),
    h('p', null, asking),
  )
}

export function ReceiptView({
  screen,
  view,
}: {
  screen: HasReceipt
  view: DeferredView
}): ComponentChild {
  const {
    actions,
    twoWay,
    state: { texts },
  } = view
  const answer = answerOf(screen, view)
  return h(
    'div',
    { id: 'has-receipt', 'data-receipt': screen.receipt, 'data-receipt-state': screen.state },
    h(
      Receipt,
      {
        texts: view.spoken,
        receipt: screen.receipt,
        state: screen.state,
        onClear: actions.clear,
        below: CopyReceipt(screen, view),
      },
      h(WordsCardView, { view }),
      Happens(view),
    ),
    h(
      'p',
      { class: 'no-print actions', ...languageAttributes(formLanguageOf(texts)) },
      h(
        'button',
        {
          type: 'button',
          class: 'button button-quiet',
          id: 'write-more',
          onClick: twoWay.writeMore,
        },
        view.spoken.words.more,
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'button button-quiet',
          id: 'ask-receipt',
          onClick: actions.askReceipt,
        },
        view.texts.receipt.ask,
      ),
      answer && h('span', { id: 'receipt-answer' }, answer),
    ),
  )
}
