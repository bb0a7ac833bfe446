import type { DetentionTip } from '../../tip/schema.ts'
import { effectiveTip, refuseUntouchable } from './corrections.ts'
import { CasebookError } from '../files/errors.ts'
import {
  caseFormFields,
  fieldKind,
  ownFields,
  ownRules,
  personFields,
  personFormFields,
} from './own-fields.ts'
import type { FormField, OwnField, PersonField } from './own-fields.ts'
import { findReliability } from './reliability.ts'
import type { FieldSchema } from './schema-path.ts'
import { nearestField, schemaAt, withoutNull } from './schema-path.ts'

/**
 * Turns text typed by an analyst into the value of a field, and checks that the field allows this
 * value. Lists of codes are typed with commas; groups and lists of groups as JSON.
 * @param tip the tip with its corrections; null when there is no readable tip, so that the analyst
 * writes one, its narrative first
 * @throws CasebookError `FIELD_UNKNOWN`, `VALUE_INVALID`, `CORRECTION_REFUSED`; the message names
 * the field and the allowed values.
 */
export function checkSet(
  tip: DetentionTip | null,
  field: string,
  valueText: string,
  options: { isJson?: boolean } = {},
): unknown {
  const kind = fieldKind(field)
  if (kind.of === 'person' || (kind.of === 'form' && kind.index !== null))
    refuseUnknownPerson(tip, kind.index ?? 0)
  if (kind.of !== 'tip')
    return checkOwn(
      field,
      kind.field,
      options.isJson === true ? parseTyped(field, valueText) : parseOwn(kind.field, valueText),
    )
  const schema = findTipField(field)
  refuseUntouchable(field)
  const value =
    options.isJson === true ? parseTyped(field, valueText) : parseByType(field, schema, valueText)
  if (value === null)
    throw new CasebookError(
      'VALUE_INVALID',
      `${field}: null says nothing; take back what was set with "tumen case unset"`,
    )
  const at = '2000-01-01T00:00:00Z'
  effectiveTip(tip, new Map([[field, { kind: 'set', at, by: 'check', field, value }]]))
  return value
}

/**
 * Refuses a field that does not exist. For `unset`, which has no value to check.
 * @throws CasebookError as `checkSet`.
 */
export function checkField(field: string): void {
  if (fieldKind(field).of === 'tip') findTipField(field)
}

/**
 * Refuses a mark on a person that the tip does not have.
 * @throws CasebookError `FIELD_UNKNOWN`.
 */
export function refuseUnknownPerson(tip: DetentionTip | null, index: number): void {
  const number = tip?.persons?.length ?? 0
  if (index < number) return
  const have =
    number === 0
      ? 'no persons listed'
      : number === 1
        ? 'one person, persons.0'
        : `persons.0 to persons.${number - 1}`
  throw new CasebookError(
    'FIELD_UNKNOWN',
    `persons.${index}: the tip has ${have}; add one with persons.${number}.names.0.text`,
  )
}

function findTipField(field: string): FieldSchema {
  try {
    return schemaAt(field)
  } catch (error) {
    const own = nearestField(field, [
      ...ownFields,
      ...caseFormFields,
      ...[...personFields, ...personFormFields].map((name) => `persons.N.${name}`),
    ])
    if (own === null || field.startsWith('event.')) throw error
    throw new CasebookError('FIELD_UNKNOWN', `there is no such field; did you mean ${own}?`, error)
  }
}

const yesNo: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['no', false],
  ['false', false],
])

function parseOwn(field: OwnField | PersonField | FormField, text: string): unknown {
  const typed = text.trim()
  switch (field) {
    case 'tier':
      return /^T?[0-3]$/iu.test(typed) ? Number(typed.at(-1)) : typed
    case 'confirmed':
    case 'guide':
      return yesNo.get(typed.toLowerCase()) ?? typed
    case 'reliability':
      return findReliability(typed) ?? typed
    default:
      return typed
  }
}

function checkOwn(
  path: string,
  field: OwnField | PersonField | FormField,
  value: unknown,
): unknown {
  if (ownRules[field].isGood(value)) return value
  const unset =
    value === '' || value === null ? '; take back what was set with "tumen case unset"' : ''
  throw new CasebookError('VALUE_INVALID', `${path} must be ${ownRules[field].wants}${unset}`)
}

function parseTyped(field: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CasebookError(
      'VALUE_INVALID',
      `${field}: the value is not JSON; check quotes, commas and brackets`,
    )
  }
}

function parseByType(field: string, schema: FieldSchema, text: string): unknown {
  const { type, properties, items } = schema
  if (properties !== undefined) {
    const names = Object.keys(properties).join(', ')
    throw new CasebookError(
      'VALUE_INVALID',
      `${field} is a group: name a field in it (${names}), or give it as JSON with --json-value`,
    )
  }
  if (items !== undefined) return parseList(field, withoutNull(items), text)
  if (type === 'integer' || type === 'number') return parseNumber(field, text, type)
  // Input from a pipe or a form may end with a line break, which is not part of the text.
  return text.trim()
}

function parseList(field: string, items: FieldSchema, text: string): string[] {
  if (items.properties !== undefined) {
    const first = `${field}.0.${Object.keys(items.properties)[0]}`
    throw new CasebookError(
      'VALUE_INVALID',
      `${field} is a list of groups: name an entry and a field (${first}), or give it as JSON with --json-value`,
    )
  }
  return text
    .split(/[,，、]/u)
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function parseNumber(field: string, text: string, type: string): number {
  const typed = text.trim()
  if (/^-?\d{1,15}(?:\.\d{1,15})?$/u.test(typed)) return Number(typed)
  throw new CasebookError(
    'VALUE_INVALID',
    `${field} must be a${type === 'integer' ? ' whole' : ''} number, in digits`,
  )
}
