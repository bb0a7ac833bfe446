import { actByReason } from '../triage/act-by.ts'
import { endOfKey } from '../files/opened-record.ts'
import type { CaseView, PersonView } from '../files/case-view.ts'
import { ageInYears } from '../people/age-words.ts'
import type { Entry } from './sheet-entry.ts'
import {
  attachmentLines,
  changeLines,
  conversationLines,
  contactLines,
  linkLines,
  noteLines,
} from './sheet-log.ts'
import { printable, printableLines } from './clean.ts'
import { asText } from '../text/as-text.ts'
import { levelFor } from './dialogs.ts'
import { leftText, peopleText } from './cases.ts'
import { consentRecipients } from '../../tip/codes.ts'
import { fit, wrap } from './width.ts'
import { count } from '../../text/count.ts'

export interface SheetLine {
  readonly text: string
  readonly style: 'plain' | 'heading' | 'banner'
}

/** Leaves 64 of 80 cells, so that a receipt fits on one line. */
const labelCells = 13
const known = new WeakMap<CaseView, { columns: number; lines: readonly SheetLine[] }>()

/** The whole sheet of a case, in lines of at most `columns` cells; cached by view and width. */
export function sheetLines(view: CaseView, columns: number): readonly SheetLine[] {
  const made = known.get(view)
  if (made?.columns === columns) return made.lines
  const lines = makeLines(view, columns)
  known.set(view, { columns, lines })
  return lines
}

function makeLines(view: CaseView, columns: number): SheetLine[] {
  const section = (title: string, entries: readonly Entry[]): SheetLine[] => {
    const lines = entries.flatMap(([label, text]) => entryLines(label, text, columns))
    return lines.length === 0 ? [] : [plain(''), { text: title, style: 'heading' }, ...lines]
  }
  return [
    ...bannerLines(view, columns),
    ...section(`TIER ${view.triage.tier}: ${view.triage.priority}`, tierEntries(view)),
    ...section('STATUS', statusEntries(view)),
    ...section(
      `PERSONS: ${peopleText(view)}`,
      view.persons.map((person) => [`${person.index + 1}`, personText(person)] as const),
    ),
    ...section('EVENT', eventEntries(view)),
    ...section('WHAT THE SOURCE WROTE', [
      [
        '',
        view.original?.narrative ??
          'There is no tip that can be read; the reasons stand below. Write what happened yourself: e, then narrative.',
      ],
    ]),
    ...section('CONVERSATION WITH THE SOURCE', conversationLines(view)),
    ...section(
      'IN OUR WORDS, FOR REPORTS',
      view.state.corrections.has('narrative') ? [['', view.tip?.narrative]] : [],
    ),
    ...section('SOURCE (never leaves the desk)', sourceEntries(view)),
    ...section(
      'STEPS TAKEN',
      (view.tip?.steps?.actions ?? []).map(
        ({ action, when, result }) =>
          [action.replaceAll('_', ' '), joined([when, result])] as const,
      ),
    ),
    ...section(
      'ATTACHMENTS (never opened here; look at them with Dangerzone)',
      attachmentLines(view),
    ),
    ...section('NOTES', noteLines(view)),
    ...section('CONTACT LOG', contactLines(view)),
    ...section('LINKS', linkLines(view)),
    ...section('OPENED', openedEntries(view)),
    ...section('HISTORY', changeLines(view)),
    plain(''),
    plain('(end of the sheet)'),
  ]
}

const plain = (text: string): SheetLine => ({ text, style: 'plain' })
const joined = (parts: readonly (string | null | undefined)[]): string =>
  parts.filter((part) => part !== null && part !== undefined && part !== '').join(', ')

function entryLines(label: string, text: string | null | undefined, columns: number): SheetLine[] {
  if (text === null || text === undefined || text === '') return []
  if (label === '') return wrap(printableLines(text), columns - 2).map((line) => plain(`  ${line}`))
  const [first = '', ...rest] = wrap(printableLines(text), columns - labelCells - 3)
  const margin = ' '.repeat(labelCells + 3)
  return [
    plain(`  ${fit(label, labelCells)} ${first}`),
    ...rest.map((line) => plain(margin + line)),
  ]
}

function bannerLines(view: CaseView, columns: number): SheetLine[] {
  const levels = consentRecipients.map(
    (recipient) => `${recipient}: ${levelFor(view, recipient).replaceAll('_', ' ')}`,
  )
  const text = `CONSENT  ${levels.join(' | ')}. Nothing said means ask first.`
  return wrap(text, columns - 2).map((line) => ({
    text: fit(` ${line.trimEnd()}`, columns),
    style: 'banner',
  }))
}

function tierEntries(view: CaseView): Entry[] {
  const { triage } = view
  const { window } = triage
  const by = {
    rules: 'the rules, today',
    earlier: `the rules, at an earlier day (today they say ${triage.computed})`,
    analyst: `an analyst (the rules say ${triage.computed})`,
  }
  return [
    ['decided by', by[triage.decidedBy]],
    ...triage.reasons.map(({ text }, at) => [at === 0 ? 'because' : '·', text] as const),
    [
      'act by',
      triage.actBy === null
        ? null
        : `${triage.actBy.day}, ${leftText(view)}${triage.actBy.leftDays > 0 ? ' left' : ''}: ${actByReason(triage.actBy)}`,
    ],
    [
      'window',
      window === null
        ? null
        : `${window.custody} to ${window.destination}: ${count(window.days, 'day')}, ends on ${window.endsOn} (${window.source})`,
    ],
    [
      'window over',
      window !== null && window.leftDays < 0 ? 'that says nothing about the person' : null,
    ],
    ['look by', `${minute(triage.dueAt)} UTC${triage.isOverdue ? ': OVERDUE' : ''}`],
  ]
}

function statusEntries({ state }: CaseView): Entry[] {
  return [
    [
      'status',
      state.status === 'new'
        ? 'new: nobody has read it; press m when you have'
        : `${state.status}, first read ${minute(state.readAt ?? '')}`,
    ],
    ['assigned to', state.assigned],
    ['deadline', state.deadline],
    ['group', state.group],
    ['reliability', state.reliability],
  ]
}

function personText({
  displayName,
  person,
  age,
  minor,
  elderly,
  personId,
  confirmed,
  guide,
}: PersonView): string {
  const years = age === null ? null : `${ageInYears(age)} ${age.max < 2 ? 'year' : 'years'}`
  const others = (person.names ?? [])
    .map(({ text }) => printable(text))
    .filter((name) => name !== printable(displayName))
  return joined([
    `${printable(displayName)}${others.length > 0 ? ` (${others.join(' / ')})` : ''}`,
    person.sex,
    years,
    person.age_text && `age as typed: ${person.age_text}`,
    person.birth && `born ${person.birth}`,
    minor === 'yes' ? 'MINOR' : minor === 'possible' ? 'MINOR?' : null,
    elderly === 'yes' ? 'elderly' : null,
    asText(person.nationality),
    person.origin_place && `from ${person.origin_place}`,
    person.ethnicity,
    person.status && `status ${person.status}`,
    asText(person.risk_flags).replaceAll('_', ' '),
    person.medical && `medical: ${person.medical}`,
    ...(person.id_docs ?? []).map(({ type, number }) => joined([type, number])),
    personId && `person id ${personId}`,
    confirmed === true ? 'confirmed' : confirmed === false ? 'NOT confirmed' : null,
    guide === true ? 'a guide' : null,
  ])
}

function eventEntries(view: CaseView): Entry[] {
  const event = view.tip?.event
  const risk = event?.return_risk
  return [
    ['topic', view.tip?.topic?.replaceAll('_', ' ')],
    ['happening now', view.tip?.urgent_now],
    ['when', joined([event?.detained_when, event?.when_text])],
    ['last contact', event?.last_contact],
    ['taken at', placeText(event?.where_taken)],
    ['held at', placeText(event?.held_where)],
    ['how', event?.how_taken?.replaceAll('_', ' ')],
    ...(event?.transfers ?? []).map(
      ({ when, from, to }) =>
        ['moved', joined([when, placeText(from), placeText(to) && `to ${placeText(to)}`])] as const,
    ),
    ['by', joined([asText(event?.authority), event?.authority_text])],
    ['warrant', event?.warrant],
    ['reasons given', event?.reasons_given],
    ['acknowledged', event?.acknowledged?.replaceAll('_', ' ')],
    [
      'could be sent',
      joined([
        risk?.to_country && `to ${risk.to_country}`,
        risk?.expected && `expected ${risk.expected}`,
        risk?.basis,
      ]),
    ],
    ['companions', asText(event?.companions)],
    ['guides held', asText(event?.guides_held)],
    [
      'as typed',
      (view.tip?.as_typed ?? []).map(({ field, text }) => joined([field, text])).join('; '),
    ],
    ['corrected', [...view.state.corrections.keys()].join(', ')],
  ]
}

function placeText(
  place:
    | {
        text?: string | null
        admin?: string | null
        country?: string | null
        lat?: number | null
        lon?: number | null
      }
    | null
    | undefined,
): string {
  const at =
    typeof place?.lat === 'number' && typeof place.lon === 'number'
      ? `${place.lat}, ${place.lon}`
      : null
  return joined([place?.text, place?.admin, place?.country, at])
}

function sourceEntries({ tip }: CaseView): Entry[] {
  const source = tip?.source
  const meta = tip?.consent_meta
  return [
    ['relation', source?.relation],
    ['knows because', source?.basis?.replaceAll('_', ' ')],
    ['in danger', source?.inside_risk_country?.replaceAll('_', ' ')],
    ['contact', joined([source?.contact?.way?.replaceAll('_', ' '), source?.contact?.text])],
    ['safe times', source?.contact?.safe_times],
    ['consent by', meta?.given_by],
    ['family agrees', meta?.family_agrees],
    ['wishes', meta?.detainee_wish],
    ['withdrawn', meta?.withdrawn === 'yes' ? 'YES: nothing may go' : null],
    ['language', tip?.lang],
  ]
}

function openedEntries({ opened, receipt, unknownFields }: CaseView): Entry[] {
  const keyEnd = endOfKey(opened)
  return [
    ['receipt', receipt],
    ['opened', `${minute(opened.opened_at)} UTC, ${opened.tool}`],
    [
      'identity',
      joined([
        opened.identity.name ?? 'not in the keyring',
        keyEnd && `its key counts no more since ${keyEnd}`,
      ]),
    ],
    ...opened.problems.map(({ code, detail }) => ['odd', `${code}: ${detail}`] as const),
    ...unknownFields.map(({ path, value }) => ['unknown field', `${path}: ${value}`] as const),
  ]
}

/** An instant to the minute: `2017-11-05 09:00`. */
export function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ')
}
