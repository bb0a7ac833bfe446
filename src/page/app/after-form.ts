import { h, type ComponentChild } from 'preact'
import { Cleared } from '../view/receipt.ts'
import { ReceiptView } from './receipt-view.ts'
import { SendingView } from './sending-view.ts'
import type { LaterView, Screen } from './state.ts'

/** What is shown in place of the form. */
export function AfterForm({
  screen,
  view,
}: {
  screen: Exclude<Screen, { at: 'form' }>
  view: LaterView
}): ComponentChild {
  switch (screen.at) {
    case 'sending':
      return h(SendingView, { screen, view })
    case 'receipt':
      return h(ReceiptView, { screen, view })
    case 'cleared':
      return h(Cleared, { texts: view.spoken })
  }
}
