import { h, type ComponentChild } from 'preact'
import { Receipt } from '../view/receipt.ts'
import { languageAttributes } from '../view/wording.ts'
import { formLanguageOf } from './speaking.ts'
import type { DeferredView, Screen } from './state.ts'

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

export function ReceiptView({
  screen,
  view,
}: {
  screen: HasReceipt
  view: DeferredView
}): ComponentChild {
  const {
    actions,
    state: { texts },
  } = view
  const answer = answerOf(screen, view)
  return h(
    'div',
    { id: 'has-receipt', 'data-receipt': screen.receipt, 'data-receipt-state': screen.state },
    h(Receipt, {
      texts: view.spoken,
      receipt: screen.receipt,
      state: screen.state,
      onClear: actions.clear,
    }),
    h(
      'p',
      { class: 'no-print', ...languageAttributes(formLanguageOf(texts)) },
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
      ' ',
      answer && h('span', { id: 'receipt-answer' }, answer),
    ),
  )
}
