import { isEdtf } from '../../tip/edtf.ts'
import {
  maxAssignedChars,
  maxGroupChars,
  maxPersonIdChars,
  maxTitleChars,
} from '../files/bounds.ts'
import { caseStatuses, tiers } from '../files/case-file.ts'
import { reliabilities } from './reliability.ts'

/** The analyst's own fields: of the case, and of each person. */
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
export type OwnField = (typeof ownFields)[number]
export type PersonField = (typeof personFields)[number]

export type FieldKind =
  | { of: 'case'; field: OwnField }
  | { of: 'person'; index: number; field: PersonField }
  | { of: 'tip' }

const personPath = /^persons\.(0|[1-9]\d{0,2})\.(person_id|confirmed|guide)$/u

/** Whose field a path is; what is no field of the analyst is taken for one of the tip. */
export function fieldKind(path: string): FieldKind {
  const own = ownFields.find((field) => field === path)
  if (own !== undefined) return { of: 'case', field: own }
  const match = personPath.exec(path)
  if (match === null) return { of: 'tip' }
  return { of: 'person', index: Number(match[1]), field: match[2] as PersonField }
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
  /** What would be right, after "must be". */
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

export const ownRules: Readonly<Record<OwnField | PersonField, Rule>> = {
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

/** Whether a value may stand in an analyst's own field. */
export function isOwnValue(path: string, value: unknown): boolean {
  const kind = fieldKind(path)
  return kind.of !== 'tip' && ownRules[kind.field].isGood(value)
}
