import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { Change } from '../files/case-file.ts'
import { endOfKey } from '../files/opened-record.ts'
import type { CaseView } from '../files/case-view.ts'
import { changeWords } from '../text/change-words.ts'
import { facts, minuteOf, said, words } from './said.ts'
import { count } from '../../text/count.ts'

export function corrections({ state }: CaseView): ComponentChild {
  // The corrected narrative has a section of its own, next to the original.
  const shown = [...state.corrections].filter(([field]) => field !== 'narrative')
  if (shown.length === 0) return null
  return facts(
    shown.map(
      ([field, { value, by, at }]) =>
        [
          field,
          [
            said(JSON.stringify(value)),
            h('span', { class: 'meta' }, ` ${at.slice(0, 10)} `, said(by)),
          ],
        ] as const,
    ),
  )
}

/** Files are listed but never shown: a file can attack the program that displays it. */
export function files({ opened, tip }: CaseView): ComponentChild {
  if (opened.attachments.length === 0) return null
  const listed = new Map(
    (tip?.attachments ?? []).map((attachment) => [`attachments/${attachment.name}`, attachment]),
  )
  return h(
    'div',
    null,
    h(
      'p',
      { class: 'meta' },
      'Not opened here. Look at them with Dangerzone; the paths are below the folder of the tip.',
    ),
    h(
      'ul',
      null,
      opened.attachments.map(({ path, bytes, sha256 }) => {
        const described = listed.get(path)
        return h(
          'li',
          null,
          said(path),
          ` · ${count(bytes, 'byte')} · hidden place and time: ${words(described?.metadata) || 'not said'}`,
          described?.note ? [' · ', said(described.note)] : null,
          h('div', { class: 'digest' }, sha256),
        )
      }),
    ),
  )
}

export function source({ tip }: CaseView): ComponentChild {
  const told = tip?.source
  const shown = facts([
    ['Relation', words(told?.relation)],
    ['Knows it because', words(told?.basis)],
    ['Inside the country at risk', words(told?.inside_risk_country)],
    [
      'To reach them',
      told?.contact ? [words(told.contact.way), ' ', said(told.contact.text)] : null,
    ],
    ['Safe times', said(told?.contact?.safe_times)],
    ['Consent given by', said(tip?.consent_meta?.given_by)],
    ['Family agrees', words(tip?.consent_meta?.family_agrees)],
    ["The detained person's wish", said(tip?.consent_meta?.detainee_wish)],
  ])
  return shown === null
    ? null
    : h('div', { class: 'secret' }, h('h2', null, 'The source: never leaves the desk'), shown)
}

export function openedFacts({ opened, receipt }: CaseView): ComponentChild {
  const keyEnd = endOfKey(opened)
  return facts([
    ['Receipt', h('span', { class: 'digest' }, receipt)],
    ['Opened', minuteOf(opened.opened_at)],
    [
      'By',
      `${opened.identity.name ?? 'an identity that is not in the keyring'}${keyEnd === null ? '' : `, whose key counts no more since ${keyEnd}`}, ${opened.tool}`,
    ],
    ['Export', said(opened.export.signer)],
    [
      'Odd',
      opened.problems.length === 0
        ? null
        : h(
            'ul',
            null,
            opened.problems.map(({ code, detail }) => h('li', null, `${code}: `, said(detail))),
          ),
    ],
  ])
}

export function whatChanged(change: Change): string {
  switch (change.kind) {
    case 'set':
      return change.value === null ? `took back ${change.field}` : `set ${change.field}`
    case 'consent':
      return `consent ${change.recipient}: ${words(change.level)}`
    case 'link':
      return `linked ${change.to.slice(0, 8)} (${words(change.as)})`
    case 'unlink':
      return `unlinked ${change.to.slice(0, 8)}`
    case 'tier_reached':
    case 'reply':
    case 'withdraw_reply':
    case 'close_thread':
      return changeWords(change)
    default:
      return change.kind
  }
}
