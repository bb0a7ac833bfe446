import { consentLevels, consentRecipients } from '../../tip/codes.ts'
import type { ConsentLevel, ConsentRecipient } from '../../tip/consent.ts'
import { caseStatuses, contactWays, linkKinds } from '../files/case-file.ts'
import { mayLeave } from '../disclose/provenance.ts'
import type { Wording } from '../disclose/wordings.ts'
import { wordingsOf } from '../disclose/wordings.ts'
import type { CaseView } from '../files/case-view.ts'
import { nameKeys } from '../people/name-keys.ts'
import { foldForSearch } from '../search/fold.ts'
import type { Searched } from '../search/query.ts'
import { isFound, readQuery } from '../search/query.ts'
import { searchedOf } from '../view/search-text.ts'
import { printable } from './clean.ts'
import type { Field } from './fields.ts'
import { fieldsOf } from './fields.ts'
import type { ContactWay, Option, PickDialog, Purpose, WriteDialog } from './state.ts'
import { bufferOf, textOf } from './text-buffer.ts'

const maxLineCharacters = 500
const maxTextCharacters = 20_000
/** The choice that removes a value that an analyst set. */
export const takeBack = ''

export const option = (value: string, label = value): Option => ({
  value,
  label,
  search: searchedLabel(label),
})

const searchedLabel = (label: string): Searched => ({ text: foldForSearch(label), keys: [] })

/** A list to choose from. */
export function pick(
  purpose: Purpose,
  title: string,
  options: readonly Option[],
  selected = 0,
): PickDialog {
  return {
    kind: 'pick',
    purpose,
    title,
    options,
    query: '',
    selected: Math.max(0, selected),
    problem: null,
  }
}

/** A dialog for a text. */
export function write(
  purpose: Purpose,
  title: string,
  hint: string,
  more: { initial?: string; isMultiline?: boolean } = {},
): WriteDialog {
  const { initial = '', isMultiline = false } = more
  const maxCharacters = isMultiline ? maxTextCharacters : maxLineCharacters
  return {
    kind: 'write',
    purpose,
    title,
    hint,
    isMultiline,
    maxCharacters,
    initial,
    buffer: bufferOf(initial),
    problem: null,
  }
}

/** The options that the desk's search finds. */
export function matchingOptions({ options, query }: PickDialog): readonly Option[] {
  const read = readQuery(query, nameKeys)
  return options.filter(({ search }) => isFound(read, search))
}

/** Whether closing the dialog would lose typed text. */
export function holdsText(dialog: WriteDialog): boolean {
  return textOf(dialog.buffer) !== dialog.initial || dialog.purpose.ask === 'contact-day'
}

export function pickField(view: CaseView): PickDialog {
  return pick(
    { ask: 'field' },
    'Edit which field?',
    fieldsOf(view).map(({ path, label, current }) => ({
      value: path,
      label: `${printable(label)}: ${current === '' ? '-' : printable(current, 200)}`,
      search: searchedLabel(`${label} ${path}`),
    })),
  )
}

/** Opens a list for a field of codes, and a text dialog for any other field. */
export function askValue({ path, label, codes, current, how }: Field): PickDialog | WriteDialog {
  const title = printable(label)
  const purpose: Purpose = { ask: 'value', field: path }
  if (codes === null)
    return write(purpose, title, `Write ${how}. Empty takes back what an analyst set.`, {
      initial: current,
    })
  return pick(
    purpose,
    title,
    [...codes.map((code) => option(code)), option(takeBack, '(take back what an analyst set)')],
    codes.indexOf(current),
  )
}

export function pickStatus(view: CaseView): PickDialog {
  return pick(
    { ask: 'status' },
    'Status',
    caseStatuses.map((status) => option(status)),
    caseStatuses.indexOf(view.state.status),
  )
}

/** The choice that confirms every listed wording. */
export const allWordings = ''

/** The words of the source that reports leave out until an analyst confirms them. */
export function pickWording(view: CaseView, others: readonly CaseView[]): PickDialog {
  const open = openWordings(view, others)
  return pick(
    { ask: 'wording' },
    open.length === 0
      ? 'Every wording that a report would use may go'
      : 'Confirm: which words of the source may leave?',
    [
      ...open.map(({ path, text }) => option(path, `${path}: ${printable(text, 200)}`)),
      ...(open.length > 1 ? [option(allWordings, '(all of these, each read)')] : []),
    ],
  )
}

/** Wordings that no analyst has confirmed or rewritten. */
export function openWordings(view: CaseView, others: readonly CaseView[]): Wording[] {
  return wordingsOf(view, others).filter(({ provenance }) => !mayLeave(provenance))
}

export function writeNote(): WriteDialog {
  return write(
    { ask: 'note' },
    'Note',
    'Enter: new line. It is kept with your name and the time.',
    { isMultiline: true },
  )
}

export function pickCase(views: readonly CaseView[], from: CaseView): PickDialog {
  const others = views.filter(({ receipt }) => receipt !== from.receipt)
  return pick(
    { ask: 'link-case' },
    'Link with which case?',
    others.map((view) => ({
      value: view.receipt,
      label: `T${view.triage.tier}  ${view.id}  ${printable(view.title, 200)}`,
      search: searchedOf(view),
    })),
  )
}

const linkLabels: Record<(typeof linkKinds)[number], string> = {
  duplicate: 'duplicate: the same tip, or the same persons and event told twice',
  same_event: 'same_event: taken at the same time and place',
  same_group: 'same_group: they belong together',
  related: 'related: anything else',
}

export function pickLinkKind(to: string): PickDialog {
  return pick(
    { ask: 'link-kind', to },
    'What is it to this case?',
    linkKinds.map((kind) => option(kind, linkLabels[kind])),
  )
}

export function pickRecipient(view: CaseView): PickDialog {
  return pick(
    { ask: 'consent-recipient' },
    'Consent: to tell whom?',
    consentRecipients.map((recipient) =>
      option(recipient, `${recipient}: now ${levelFor(view, recipient)}`),
    ),
  )
}

const levelLabels: Record<ConsentLevel, string> = {
  no: 'no: nothing may go',
  ask_first: 'ask_first: nothing may go until the source was asked',
  facts_only: 'facts_only: no names, no story',
  named: 'named: names and the story',
  named_photo: 'named_photo: names, the story, and the attachments',
}

export function pickLevel(view: CaseView, recipient: ConsentRecipient): PickDialog {
  const levels = consentLevels.map((level) => option(level, levelLabels[level]))
  return pick(
    { ask: 'consent-level', recipient },
    `Consent for ${recipient}: how much?`,
    levels,
    consentLevels.indexOf(levelFor(view, recipient)),
  )
}

export function levelFor(view: CaseView, recipient: ConsentRecipient): ConsentLevel {
  return view.consent.find((consent) => consent.recipient === recipient)?.level ?? 'ask_first'
}

export function writeGivenBy(recipient: ConsentRecipient, level: ConsentLevel): WriteDialog {
  return write(
    { ask: 'consent-by', recipient, level },
    `Consent for ${recipient}: ${level}`,
    'Write who said so, and how: the source, by reply on 3 May.',
  )
}

export function pickContactWay(): PickDialog {
  return pick(
    { ask: 'contact-way' },
    'Contact: with whom?',
    contactWays.map((way) => option(way, way.replaceAll('_', ' '))),
  )
}

export function writeContact(way: ContactWay): WriteDialog {
  return write(
    { ask: 'contact-text', way },
    `Contact: ${way.replaceAll('_', ' ')}`,
    'Write what was asked or said. Enter: new line.',
    { isMultiline: true },
  )
}

export function writeContactDay(way: ContactWay, text: string, today: string): WriteDialog {
  return write(
    { ask: 'contact-day', way, text },
    'Contact: on which day?',
    'Write a day: 2017-11-18. Your text is kept; Enter saves both.',
    { initial: today },
  )
}
