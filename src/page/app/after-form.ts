import { h, type ComponentChild } from 'preact'
import { Cleared } from '../view/receipt.ts'
import { AnswersView } from './answers-view.ts'
import { ReceiptView } from './receipt-view.ts'
import { SendingView } from './sending-view.ts'
import type { DeferredView, Screen } from './state.ts'

/** The view that replaces the form once sending has started: progress, receipt or failure. */
export function AfterForm({
  screen,
  view,
}: {
  screen: Exclude<Screen, { at: 'form' }>
  view: DeferredView
}): ComponentChild {
  switch (screen.at) {
    case 'sending':
      return h(SendingView, { screen, view })
    case 'receipt':
      return h(ReceiptView, { screen, view })
    case 'answers':
      return h(AnswersView, { screen, view })
    case 'cleared':
      return h(Cleared, { texts: view.spoken })
  }
}
