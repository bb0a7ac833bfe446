import { h, type ComponentChild, type ComponentChildren } from 'preact'
import type { ReceiptState, Spoken } from '../texts.ts'
import { ForeignNote, items, paragraphs, languageOfGroup } from './wording.ts'

export interface ReceiptProps {
  texts: Spoken<'receipt'>
  /** The receipt as 64 hex digits. */
  receipt: string
  state: ReceiptState
  /** Only with scripts: forgets everything and draws `Cleared`. */
  onClear?: () => void
  /** Stands below the receipt itself. */
  below?: ComponentChild
  /** Stands between the receipt and what to do next. */
  children?: ComponentChildren
}

/** The receipt that a source gets after sending, and what to do next. */
export function Receipt(props: ReceiptProps): ComponentChild {
  const { texts, receipt, state, onClear, below, children } = props
  const words = texts.receipt
  return h(
    'div',
    { class: 'receipt', ...languageOfGroup(texts, 'receipt') },
    h(ForeignNote, { texts, group: 'receipt' }),
    h('h1', { tabIndex: -1 }, words.heading),
    h('p', { class: 'lead' }, words.states[state]),
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'receipt' },
      h('h2', { id: 'receipt' }, words.label),
      h(ReceiptGroups, { receipt }),
      below,
      h('ul', null, items(words.means)),
      paragraphs(words.keep),
    ),
    children,
    h(
      'section',
      { class: 'card no-print', 'aria-labelledby': 'next' },
      h('h2', { id: 'next' }, words.next),
      onClear
        ? h(
            'p',
            null,
            h(
              'button',
              { class: 'button', type: 'button', id: 'clear', onClick: onClear },
              words.clear,
            ),
          )
        : null,
      paragraphs(words.newIdentity),
    ),
  )
}

export function Cleared({ texts }: { texts: Spoken<'receipt'> }): ComponentChild {
  const words = texts.receipt
  return h(
    'div',
    { class: 'receipt', ...languageOfGroup(texts, 'receipt') },
    h('h1', { tabIndex: -1 }, words.cleared),
    paragraphs(words.newIdentity),
  )
}

/**
 * The receipt in sixteen groups of four, which are easy to read out, to copy by hand and to
 * compare. `data-receipt` marks where the intake inserts a receipt into a static page.
 */
export function ReceiptGroups({ receipt }: { receipt: string }): ComponentChild {
  const groups = receipt.match(/.{1,4}/gu) ?? []
  return h(
    'p',
    { class: 'receipt-groups', dir: 'ltr', translate: false, 'data-receipt': '' },
    groups.flatMap((group) => [h('span', null, group), ' ']),
  )
}
