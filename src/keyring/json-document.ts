import type { Static, TSchema } from 'typebox'

import { KeyringError } from './errors.ts'
import { schemaProblem } from './schema-problem.ts'

/**
 * Reads a bounded JSON document and checks its shape.
 * @throws KeyringError `INVALID`, naming the field.
 */
export function parseJsonDocument<S extends TSchema>(
  schema: S,
  bytes: Uint8Array,
  options: { what: string; maxBytes: number },
): Static<S> {
  const { what, maxBytes } = options
  if (bytes.length > maxBytes)
    throw new KeyringError('INVALID', `${what}: longer than ${maxBytes} bytes`)
  const value = parseJson(bytes, what)
  const problem = schemaProblem(schema, value)
  if (problem !== null) throw new KeyringError('INVALID', `${what}: ${problem}`)
  return value as Static<S>
}

export function formatJsonDocument(document: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`)
}

function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (cause) {
    throw new KeyringError('INVALID', `${what}: not JSON in UTF-8`, cause)
  }
}
