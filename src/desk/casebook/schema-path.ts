import { DetentionTip } from '../../tip/schema.ts'
import { CasebookError } from '../files/errors.ts'

/** The parts of JSON Schema that describe a field at a path of a tip. */
export interface FieldSchema {
  readonly type?: string
  readonly anyOf?: readonly FieldSchema[]
  readonly items?: FieldSchema
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
}

export const tipFields = DetentionTip as FieldSchema
const maxIndexDigits = 3

/** The steps of a path typed with dots, such as `persons.0.names.1.text`. */
export function splitPath(path: string): string[] {
  return path.split('.')
}

/**
 * The schema of the field at a path. Only names in the schema are followed, so `__proto__` and
 * similar names are unknown fields.
 * @throws CasebookError `FIELD_UNKNOWN`, naming the most similar known fields.
 */
export function schemaAt(path: string): FieldSchema {
  let schema = tipFields
  const gone: string[] = []
  for (const step of splitPath(path)) {
    const next = stepInto(schema, step)
    if (next === null) throw unknownField(path, gone, schema)
    schema = next
    gone.push(step)
  }
  return schema
}

/** The schema of the value itself, for a field whose schema is a union of a value and null. */
export function withoutNull(schema: FieldSchema): FieldSchema {
  return schema.anyOf?.[0] ?? schema
}

function stepInto(schema: FieldSchema, step: string): FieldSchema | null {
  const { items, properties } = schema
  if (items !== undefined) return isIndex(step) ? withoutNull(items) : null
  if (properties === undefined || !Object.hasOwn(properties, step)) return null
  const next = properties[step]
  return next === undefined ? null : withoutNull(next)
}

export function isIndex(step: string): boolean {
  return /^(?:0|[1-9]\d*)$/u.test(step) && step.length <= maxIndexDigits
}

/** The paths of all fields of a tip, with `N` as the index of a list entry. */
export function allFields(schema: FieldSchema = tipFields, before = ''): string[] {
  const { items, properties } = withoutNull(schema)
  if (items !== undefined)
    return [
      ...(before === '' ? [] : [before]),
      ...allFields(items, `${before}.N`).filter((path) => path !== `${before}.N`),
    ]
  if (properties === undefined) return [before]
  return Object.entries(properties).flatMap(([name, field]) =>
    allFields(field, before === '' ? name : `${before}.${name}`),
  )
}

function unknownField(path: string, gone: readonly string[], schema: FieldSchema): CasebookError {
  const place = gone.join('.')
  if (schema.items !== undefined) {
    return new CasebookError(
      'FIELD_UNKNOWN',
      `${place} is a list: name an entry by its number, ${place}.0 is the first`,
    )
  }
  const near = nearestField(path, allFields())
  const hint = near === null ? '' : `; did you mean ${near}?`
  if (schema.properties === undefined)
    return new CasebookError('FIELD_UNKNOWN', `${place} has no fields in it${hint}`)
  const names = Object.keys(schema.properties)
    .filter((name) => name !== 'schema')
    .join(', ')
  return new CasebookError(
    'FIELD_UNKNOWN',
    `${place === '' ? 'the tip' : place} has no such field${hint || `; there are ${names}`}`,
  )
}

/**
 * The known field most similar to the typed path. The same last step counts most, then the number
 * of shared letter pairs.
 */
export function nearestField(typed: string, known: readonly string[]): string | null {
  const path = typed.slice(0, 200).toLowerCase().replace(/\d+/gu, 'N')
  const scored = known
    .map((field) => ({ field, score: likeness(path, field) }))
    .sort((one, other) => other.score - one.score)
  const best = scored[0]
  return best !== undefined && best.score >= 0.5 ? best.field : null
}

function likeness(typed: string, field: string): number {
  const last = (path: string) => path.slice(path.lastIndexOf('.') + 1)
  return last(typed) === last(field)
    ? 0.9 + likePairs(typed, field) / 10
    : Math.max(likePairs(typed, field), likePairs(typed, last(field)) * 0.8)
}

/** Dice's coefficient of the letter pairs of two texts. */
function likePairs(one: string, other: string): number {
  const pairs = (text: string) =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2))
  const left = pairs(one)
  const right = pairs(other)
  const both = left.filter((pair) => right.includes(pair)).length
  return left.length + right.length === 0 ? 0 : (2 * both) / (left.length + right.length)
}
