import { h, type ComponentChild } from 'preact'
import type { Spoken } from '../texts.ts'
import { fill, ForeignNote, items, tongueOf } from './wording.ts'

export const RECEIPT_DIGITS = 64

export interface AskReceiptProps {
  texts: Spoken<'receipts'>
  /** What was asked for and is not known, without spaces; null before anything was asked. */
  unknown: string | null
}

/** Asked by POST: a receipt in an address would stay in the history. */
export function AskReceipt({ texts, unknown }: AskReceiptProps): ComponentChild {
  const words = texts.receipts
  return h(
    'div',
    tongueOf(texts, 'receipts'),
    h(ForeignNote, { texts, group: 'receipts' }),
    h('h1', null, words.heading),
    unknown === null ? null : h(Unknown, { texts, unknown }),
    h(
      'form',
      { class: 'card', method: 'post', action: `/receipts?lang=${texts.language}` },
      h('label', { class: 'label', for: 'receipt' }, words.label),
      h('p', { class: 'hint', id: 'receipt-hint' }, words.hint),
      h('textarea', {
        id: 'receipt',
        name: 'receipt',
        rows: 3,
        required: true,
        dir: 'ltr',
        maxLength: 400,
        autocomplete: 'off',
        autocapitalize: 'none',
        spellcheck: false,
        'aria-describedby': 'receipt-hint',
        class: 'mono',
        'aria-invalid': unknown === null ? undefined : ('true' as const),
        value: unknown ?? '',
      }),
      h('button', { class: 'button', type: 'submit' }, words.button),
      h('p', { class: 'hint' }, words.privacy),
    ),
  )
}

function Unknown({
  texts: { receipts: words },
  unknown,
}: {
  texts: Spoken<'receipts'>
  unknown: string
}): ComponentChild {
  const count = [...unknown].length
  const lines =
    count === RECEIPT_DIGITS
      ? words.unknownLines
      : [fill(words.wrongLength, { count: String(count) }), ...words.unknownLines]
  return h(
    'div',
    { class: 'notice notice-warm', role: 'alert' },
    h('h2', null, words.unknown),
    h('ul', null, items(lines)),
  )
}
