import type { CaseView } from '../files/case-view.ts'
import { entriesOf, stateInWords, tipInWords } from '../replies/state-words.ts'
import { changeWords } from '../text/change-words.ts'
import { printable } from './clean.ts'
import type { Entry } from './sheet-entry.ts'
import { count } from '../../text/count.ts'

const maxHistory = 200

export function attachmentLines(view: CaseView): Entry[] {
  return view.opened.attachments.map(({ path, bytes, sha256 }, at) => [
    `${at + 1}`,
    `${printable(path.replace(/^attachments\//u, ''))}, ${sizeText(bytes)}, SHA-256 ${sha256}`,
  ])
}

function sizeText(bytes: number): string {
  if (bytes < 1_024) return count(bytes, 'byte')
  return bytes < 1_024 ** 2
    ? `${(bytes / 1_024).toFixed(1)} KiB`
    : `${(bytes / 1_024 ** 2).toFixed(1)} MiB`
}

const dayOf = (at: string): string => at.slice(0, 10)
const timeOf = (at: string): string => at.slice(11, 16)

export function noteLines({ state }: CaseView): Entry[] {
  return state.notes.map(({ at, by, text }) => [
    dayOf(at),
    `${timeOf(at)} ${printable(by)}: ${text}`,
  ])
}

export function contactLines({ state }: CaseView): Entry[] {
  return state.contacts.map(({ day: on, with: way, by, text }) => [
    on,
    `${way.replaceAll('_', ' ')} (${printable(by)}): ${text}`,
  ])
}

export function conversationLines({ receipt, conversation }: CaseView): Entry[] {
  if (conversation === null) return []
  const entries = entriesOf(conversation).map((entry): Entry => {
    if ('message' in entry) {
      const { by, text, asks } = entry.message
      const asking = asks.length === 0 ? '' : `\n(asks for consent: ${asks.join(', ')})`
      return [
        dayOf(entry.at),
        `${printable(by)}, ${stateInWords(entry.message)}:\n${text}${asking}`,
      ]
    }
    const which = entry.tip.receipt === receipt ? 'this tip' : entry.tip.id
    const told = tipInWords(entry.tip)
    return [dayOf(entry.at), `the source: ${which}${told === '' ? '' : `, ${told}`}`]
  })
  const proposals = conversation.proposals.map(
    ({ recipient, level, now }): Entry => [
      'not taken over',
      `${recipient}: ${level} (now ${now}); press a when a control question was answered`,
    ],
  )
  return [
    ...entries,
    ...proposals,
    ['now', conversation.wantsAnswer ? 'the source wants an answer: press a' : null],
    ['closed', conversation.problem],
  ]
}

export function linkLines({ state, alike }: CaseView): Entry[] {
  const links = state.links.map(
    ({ as, to, reason }): Entry => [
      as.replaceAll('_', ' '),
      `${to.slice(0, 16)}…${reason === undefined ? '' : ` ${reason}`}`,
    ],
  )
  return [...links, ...alike.map((id): Entry => ['perhaps same', `as case ${id}`])]
}

/** The changes of a case, the latest first. */
export function changeLines({ changes }: CaseView): Entry[] {
  const latest = changes
    .toReversed()
    .slice(0, maxHistory)
    .map(
      (change) =>
        [
          dayOf(change.at),
          `${timeOf(change.at)} ${printable(change.by)}: ${changeWords(change)}`,
        ] as const,
    )
  return changes.length > maxHistory
    ? [...latest, ['…', `and ${changes.length - maxHistory} earlier ones, in case.json`]]
    : latest
}
