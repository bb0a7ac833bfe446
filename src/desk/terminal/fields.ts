import { asText } from '../text/as-text.ts'
import {
  acknowledgements,
  authorities,
  minorCodes,
  personStatuses,
  riskFlags,
  sexes,
  topics,
  waysTaken,
  yesNoUnknown,
  yesNoUnsure,
} from '../../tip/codes.ts'
import { caseStatuses, tiers } from '../files/case-file.ts'
import { reliabilities } from '../casebook/reliability.ts'
import type { CaseView } from '../files/case-view.ts'

/** A field that an analyst may set. */
export interface Field {
  readonly path: string
  readonly label: string
  /** The value in force, as text; empty if none is set. */
  readonly current: string
  /** The codes to choose from; null for fields of free text. */
  readonly codes: readonly string[] | null
  /** How to write the value of a field of free text. */
  readonly how: string
}

type FieldRow = readonly [path: string, label: string, codes: readonly string[] | null, how: string]

const date = 'a date: 2017-11-04, 2017-11, 2017~ for about, 2017-11-01/2017-11-10'
const country = 'two capital letters: CN, KP, RU'
const line = 'one line'
const several = (codes: readonly string[]): string =>
  `one or more, with commas between: ${codes.join(', ')}`

const ownRows: readonly FieldRow[] = [
  ['status', 'status', caseStatuses, ''],
  ['tier', 'tier', tiers.map(String), ''],
  ['title', 'title for lists', null, line],
  ['assigned', 'assigned to', null, 'who works on it'],
  ['deadline', 'deadline', null, 'a day: 2017-11-18'],
  ['group', 'group', null, 'a name: cases with the same one belong together'],
  ['reliability', 'reliability', reliabilities, ''],
]

const narrativeRow: FieldRow = ['narrative', 'what happened, in our words', null, line]

const tipRows: readonly FieldRow[] = [
  ['topic', 'topic', topics, ''],
  ['urgent_now', 'happening now', yesNoUnsure, ''],
  ['people_count.min', 'people, at least', null, 'a number'],
  ['people_count.max', 'people, at most', null, 'a number'],
  ['event.detained_when', 'detained when', null, date],
  ['event.last_contact', 'last contact', null, date],
  ['event.where_taken.text', 'place taken', null, line],
  ['event.where_taken.country', 'country taken', null, country],
  ['event.held_where.text', 'place held', null, line],
  ['event.held_where.country', 'country held', null, country],
  ['event.how_taken', 'how taken', waysTaken, ''],
  ['event.authority', 'authority', null, several(authorities)],
  ['event.authority_text', 'authority, in words', null, line],
  ['event.warrant', 'warrant shown', yesNoUnknown, ''],
  ['event.acknowledged', 'acknowledged', acknowledgements, ''],
  ['event.return_risk.to_country', 'could be sent to', null, country],
  ['event.return_risk.expected', 'sending expected', null, date],
]

/** Fields for questions of the UN's forms. */
const formRows: readonly FieldRow[] = [
  ['why_arbitrary', 'UN form: why the detention is arbitrary', null, line],
  ['law', 'UN form: legislation applied', null, line],
  ['ordered_by', 'UN form: authority that ordered it', null, line],
  ['warrant_issuer', 'UN form: authority that issued the warrant', null, line],
  ['duration', 'UN form: duration of the detention', null, line],
  ['held_by', 'UN form: forces that hold the person', null, line],
  ['detention_reasons', 'UN form: reasons given for the detention', null, line],
  ['detention_law', 'UN form: legislation applied to the detention', null, line],
  ['remedies', 'UN form: results of steps, or why none was possible', null, line],
]

const personRows = (index: number, who: string): readonly FieldRow[] => [
  [`persons.${index}.status`, `${who}: status`, personStatuses, ''],
  [`persons.${index}.sex`, `${who}: sex`, sexes, ''],
  [`persons.${index}.birth`, `${who}: born`, null, date],
  [`persons.${index}.minor`, `${who}: minor`, minorCodes, ''],
  [
    `persons.${index}.nationality`,
    `${who}: nationality`,
    null,
    'two capital letters each, with commas between: KP, CN',
  ],
  [`persons.${index}.origin_place`, `${who}: from`, null, line],
  [`persons.${index}.risk_flags`, `${who}: risks`, null, several(riskFlags)],
  [
    `persons.${index}.person_id`,
    `${who}: person id`,
    null,
    'the same one in several cases means one human being',
  ],
  [`persons.${index}.confirmed`, `${who}: confirmed`, ['true', 'false'], ''],
  [`persons.${index}.guide`, `${who}: a guide`, ['true', 'false'], ''],
  [`persons.${index}.occupation`, `${who}: occupation`, null, line],
  [`persons.${index}.address`, `${who}: usual address`, null, line],
  [`persons.${index}.id_issued`, `${who}: document issued by, and when`, null, line],
]

/** Every field of the case that can be set, with its value in force. */
export function fieldsOf(view: CaseView): Field[] {
  const people = view.persons.flatMap(({ index, displayName }) => personRows(index, displayName))
  const next = view.persons.length
  const another: FieldRow = [`persons.${next}.names.0.text`, 'name of another person', null, line]
  // Without a tip, everything else has to wait for a narrative.
  const rows =
    view.tip === null
      ? [narrativeRow, ...ownRows]
      : [...ownRows, ...tipRows, ...people, another, ...formRows]
  return rows.map(([path, label, codes, how]) => ({
    path,
    label,
    codes,
    how,
    current: currentValue(view, path),
  }))
}

function currentValue(view: CaseView, path: string): string {
  const { status, tier, title, assigned, deadline, group, reliability } = view.state
  const own: Record<string, unknown> = {
    status,
    tier,
    title,
    assigned,
    deadline,
    group,
    reliability,
  }
  if (Object.hasOwn(own, path)) return asText(own[path])
  const answer = view.state.formAnswers.get(path)
  if (answer !== undefined) return answer
  const marks = /^persons\.(\d+)\.(person_id|confirmed|guide)$/u.exec(path)
  if (marks === null) return asText(valueAt(view.tip, path))
  const person = view.state.persons.get(Number(marks[1]))
  return asText(
    { person_id: person?.personId, confirmed: person?.confirmed, guide: person?.guide }[
      marks[2] as 'guide'
    ],
  )
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name)
          ? (at as Record<string, unknown>)[name]
          : undefined,
      value,
    )
}
