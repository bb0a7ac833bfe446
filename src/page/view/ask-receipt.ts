import { h, type ComponentChild } from 'preact'
import type { PastedReceipt } from '../../wire/read-receipt.ts'
import type { Spoken } from '../texts.ts'
import { privateField } from './private-field.ts'
import { fill, ForeignNote, items, languageOfGroup } from './wording.ts'

export interface AskReceiptProps {
  texts: Spoken<'receipts'>
  /** Null before the first question. */
  unknown: UnknownReceipt | null
  /** The number of days after collection until a receipt is forgotten. */
  retentionDays: number
}

export interface UnknownReceipt {
  /** The text that was pasted. */
  pasted: string
  /** The server does not know the one receipt that was found in the text. */
  found: PastedReceipt['found']
}

/** Enough for a receipt pasted together with everything on its page. */
export const maxPastedUnits = 5_000

/** The form uses POST, because a receipt in an address would stay in the browser's history. */
export function AskReceipt({ texts, unknown, retentionDays }: AskReceiptProps): ComponentChild {
  const words = texts.receipts
  return h(
    'div',
    languageOfGroup(texts, 'receipts'),
    h(ForeignNote, { texts, group: 'receipts' }),
    h('h1', null, words.heading),
    unknown === null ? null : h(Unknown, { texts, unknown, retentionDays }),
    h(
      'form',
      {
        class: 'card',
        method: 'post',
        autocomplete: 'off',
        action: `/receipts?lang=${texts.language}`,
      },
      h('label', { class: 'label', for: 'receipt' }, words.label),
      h('p', { class: 'hint', id: 'receipt-hint' }, words.hint),
      h('textarea', {
        id: 'receipt',
        name: 'receipt',
        rows: 3,
        required: true,
        dir: 'ltr',
        maxLength: maxPastedUnits,
        ...privateField,
        // The server writes attributes, which are words.
        autocorrect: 'off',
        'aria-describedby': 'receipt-hint',
        class: 'mono',
        'aria-invalid': unknown === null ? undefined : ('true' as const),
        value: unknown?.pasted ?? '',
      }),
      h('button', { class: 'button', type: 'submit' }, words.button),
      h('p', { class: 'hint' }, words.privacy),
    ),
  )
}

function Unknown({
  texts: { receipts: words },
  unknown: { found },
  retentionDays,
}: AskReceiptProps & { unknown: UnknownReceipt }): ComponentChild {
  const lines =
    found === 'one'
      ? words.unknownLines.map((line) => fill(line, { days: retentionDays }))
      : [words.noReceipt]
  const heading = {
    one: words.unknown,
    none: words.noReceiptHeading,
    several: words.severalReceipts,
  }[found]
  return h(
    'div',
    { class: 'notice notice-warm', role: 'alert' },
    h('h2', null, heading),
    h('ul', null, items(lines)),
  )
}
