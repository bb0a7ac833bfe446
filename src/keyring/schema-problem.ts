import type { TSchema } from 'typebox'
import { Check, Errors } from 'typebox/schema'

interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
  readonly message: string
}

/** The first problem of a value, with the name of its field, or null. Never longer than a line. */
export function schemaProblem(schema: TSchema, value: unknown): string | null {
  if (Check(schema, value)) return null
  const [, errors]: [boolean, SchemaError[]] = Errors(schema, value)
  // "schema is false" is how TypeBox reports each unknown field; the next error names it better.
  const first = errors.find((error) => error.keyword !== 'boolean') ?? errors[0]
  return first === undefined ? 'the whole file does not fit' : describe(first)
}

function describe(error: SchemaError): string {
  const field = error.instancePath
    .slice(1)
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')
  const allowed = Object.values(error.params)
    .map((value) => JSON.stringify(value))
    .join(', ')
  const hint = ['const', 'enum', 'additionalProperties'].includes(error.keyword)
    ? `: ${allowed}`
    : ''
  return `${shorten(field === '' ? 'the file' : field)} ${shorten(error.message + hint)}`
}

/** Field names come from the file: they must not control a terminal or fill it. */
function shorten(text: string): string {
  const printable = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
  return printable.length > 160 ? `${printable.slice(0, 160)}…` : printable
}
