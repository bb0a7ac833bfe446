import { isEdtf } from '../../tip/edtf.ts'
import {
  maxAssignedChars,
  maxFormAnswerChars,
  maxGroupChars,
  maxPersonIdChars,
  maxTitleChars,
} from '../files/bounds.ts'
import { caseStatuses, tiers } from '../files/case-file.ts'
import { reliabilities } from './reliability.ts'

/** The analyst's own fields for a case. */
export const ownFields = [
  'status',
  'tier',
  'reliability',
  'assigned',
  'deadline',
  'group',
  'title',
] as const
export const personFields = ['person_id', 'confirmed', 'guide'] as const
/**
 * Questions of UN forms that no field of a tip answers, about the case and about each person. The
 * answers are the analyst's own words.
 */
export const caseFormFields = [
  'law',
  'why_arbitrary',
  'ordered_by',
  'warrant_issuer',
  'duration',
  'held_by',
  'detention_reasons',
  'detention_law',
  'remedies',
] as const
export const personFormFields = ['occupation', 'address', 'id_issued'] as const
export type FormField = (typeof caseFormFields)[number] | (typeof personFormFields)[number]
export type OwnField = (typeof ownFields)[number]
export type PersonField = (typeof personFields)[number]

export type FieldKind =
  | { of: 'case'; field: OwnField }
  | { of: 'person'; index: number; field: PersonField }
  /** `index` is null for a question about the case as a whole. */
  | { of: 'form'; index: number | null; field: FormField }
  | { of: 'tip' }

const personPath = /^persons\.(0|[1-9]\d{0,2})\.(\w+)$/u

/**
 * The kind of field that a path names. A path that is none of the analyst's own fields counts as a
 * field of the tip.
 */
export function fieldKind(path: string): FieldKind {
  const own = ownFields.find((field) => field === path)
  if (own !== undefined) return { of: 'case', field: own }
  const form = caseFormFields.find((field) => field === path)
  if (form !== undefined) return { of: 'form', index: null, field: form }
  const [, number, name] = personPath.exec(path) ?? []
  const index = Number(number)
  const mark = personFields.find((field) => field === name)
  if (mark !== undefined) return { of: 'person', index, field: mark }
  const answer = personFormFields.find((field) => field === name)
  return answer === undefined ? { of: 'tip' } : { of: 'form', index, field: answer }
}

const isLine =
  (maxChars: number) =>
  (value: unknown): boolean =>
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= maxChars &&
    !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)
const isOneOf =
  (values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value)

export function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/u.test(value) && isEdtf(value)
}

interface Rule {
  isGood(value: unknown): boolean
  /** Description of the allowed values; completes "must be …". */
  readonly wants: string
}

const line = (maxChars: number): Rule => ({
  isGood: isLine(maxChars),
  wants: `one line of at most ${maxChars} characters`,
})
const code = (values: readonly unknown[]): Rule => ({
  isGood: isOneOf(values),
  wants: `one of ${values.join(', ')}`,
})

const answer: Rule = {
  isGood: (value) =>
    typeof value === 'string' && value.trim() !== '' && value.length <= maxFormAnswerChars,
  wants: `a text of at most ${maxFormAnswerChars} characters`,
}

export const ownRules: Readonly<Record<OwnField | PersonField | FormField, Rule>> = {
  law: answer,
  why_arbitrary: answer,
  ordered_by: answer,
  warrant_issuer: answer,
  duration: answer,
  held_by: answer,
  detention_reasons: answer,
  detention_law: answer,
  remedies: answer,
  occupation: answer,
  address: answer,
  id_issued: answer,
  status: code(caseStatuses),
  tier: code(tiers),
  reliability: code(reliabilities),
  assigned: line(maxAssignedChars),
  deadline: { isGood: isDay, wants: 'a day, such as 2017-11-18' },
  group: line(maxGroupChars),
  title: line(maxTitleChars),
  person_id: line(maxPersonIdChars),
  confirmed: { isGood: isOneOf([true, false]), wants: 'yes or no' },
  guide: { isGood: isOneOf([true, false]), wants: 'yes or no' },
}

/** Whether an analyst's own field allows this value. */
export function isOwnValue(path: string, value: unknown): boolean {
  const kind = fieldKind(path)
  return kind.of !== 'tip' && ownRules[kind.field].isGood(value)
}
