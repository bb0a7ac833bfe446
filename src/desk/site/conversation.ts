import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { CaseView, Conversation } from '../files/case-view.ts'
import { entriesOf, stateInWords, tipInWords } from '../replies/state-words.ts'
import { recipientNames } from './consent-banner.ts'
import { sheetHref } from './page.ts'
import { said } from './said.ts'
import { dayInWords } from './when.ts'

/** What the source sent and what we answered, in order. */
export function conversation(view: CaseView): ComponentChild {
  const { conversation: found, id, receipt } = view
  if (found === null) return null
  const path = `site/cases/${id}.html`
  return [
    found.problem === null
      ? null
      : h('p', { class: 'late' }, `No answer is sent: ${found.problem}.`),
    h(
      'ul',
      { class: 'conversation' },
      entriesOf(found).map((entry) =>
        'tip' in entry
          ? h(
              'li',
              null,
              h('p', { class: 'meta' }, dayOf(entry.at), ' · the source · ', [
                entry.tip.receipt === receipt
                  ? 'this tip'
                  : h('a', { href: sheetHref(path, entry.tip.id) }, entry.tip.id),
                tipInWords(entry.tip) === '' ? null : ` · ${tipInWords(entry.tip)}`,
              ]),
            )
          : h(
              'li',
              null,
              h(
                'p',
                { class: 'meta' },
                dayOf(entry.at),
                ' · ',
                said(entry.message.by),
                ` · answer ${entry.message.id.slice(0, 8)} · `,
                h('strong', null, stateInWords(entry.message)),
              ),
              h('div', { class: 'text' }, said(entry.message.text, { keepsNewlines: true })),
              entry.message.asks.length === 0
                ? null
                : h(
                    'p',
                    null,
                    `Asks for consent: ${entry.message.asks.map((each) => recipientNames[each]).join(', ')}`,
                  ),
            ),
      ),
    ),
    commands(view, found),
  ]
}

/** Marks for the board. */
export function conversationMarks({ conversation: found }: CaseView): string[] {
  if (found === null) return []
  return [
    found.hasAnswer ? 'answer came' : '',
    found.wantsAnswer ? 'wants an answer' : '',
    found.proposals.length > 0 ? 'consent to take over' : '',
  ].filter((mark) => mark !== '')
}

function commands({ id }: CaseView, { closedBy }: Conversation): ComponentChild {
  const lines =
    closedBy === 'source'
      ? []
      : closedBy === 'desk'
        ? [`tumen case close-thread ${id} --take-back`]
        : [`tumen case reply ${id} --text-file FILE --ask un`, `tumen case close-thread ${id}`]
  return h(
    'div',
    { class: 'command' },
    lines.map((line) => h('code', null, line)),
  )
}

const dayOf = (at: string): string => dayInWords(at.slice(0, 10))
