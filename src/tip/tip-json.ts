import { Check } from 'typebox/schema'
import { maxTipBytes } from './bounds.ts'
import { explainMismatch } from './explain.ts'
import { TipError } from './errors.ts'
import { shapeProblem, type ShapeProblem } from './json-shape.ts'
import { DetentionTip } from './schema.ts'
import { schemaIdFor, tipSchemaIds } from './schema-id.ts'
import { findOverlongList, type SchemaNode } from './schema-walk.ts'
import { tooLarge, writeTip } from './write-tip.ts'

/**
 * Reads and writes `tip.json`. The schema is interpreted, not compiled: the page's CSP forbids
 * `eval`.
 */

const structure: SchemaNode = DetentionTip as SchemaNode

const decode = (bytes: Uint8Array): string => {
  if (bytes.length > maxTipBytes) throw tooLarge()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new TipError('TIP_NOT_UTF8', 'tip.json is not UTF-8; save it as UTF-8 text', cause)
  }
}

const shapeProblems: Readonly<Record<ShapeProblem, string>> = {
  deep: 'is nested deeper than any tip; write it as the schema says',
  crowded: 'has more fields than any tip; write it as the schema says',
  repeated: 'has a field twice; keep one',
}

const parseJson = (text: string): unknown => {
  const problem = orNotJson(() => shapeProblem(text))
  if (problem !== null) throw new TipError('TIP_NOT_JSON', `tip.json ${shapeProblems[problem]}`)
  return orNotJson((): unknown => JSON.parse(text))
}

const orNotJson = <Value>(read: () => Value): Value => {
  try {
    return read()
  } catch {
    // The cause is left out, because the engine's message quotes the tip.
    throw new TipError('TIP_NOT_JSON', 'tip.json is not JSON; check quotes, commas and brackets')
  }
}

/**
 * The JSON value of `tip.json`, not yet checked against the schema.
 * @throws TipError `TIP_TOO_LARGE`, `TIP_NOT_UTF8`, `TIP_NOT_JSON`.
 */
export function parseTipJson(bytes: Uint8Array): unknown {
  return parseJson(decode(bytes))
}

const isOtherVersion = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'schema' in value &&
  typeof value.schema === 'string' &&
  !tipSchemaIds.some((id) => id === value.schema)

/** @throws TipError `TIP_VERSION` or `TIP_INVALID`, naming the first field that is wrong. */
export function checkTip(value: unknown): DetentionTip {
  if (isOtherVersion(value)) {
    throw new TipError(
      'TIP_VERSION',
      `schema: not ${tipSchemaIds.join(' or ')}; open this tip with a newer version of Tumen`,
    )
  }
  const overlong = findOverlongList(structure, value)
  if (overlong !== null) {
    throw new TipError(
      'TIP_INVALID',
      `${overlong.path} must have at most ${overlong.maxItems} entries; send a second tip for the rest`,
    )
  }
  if (Check(DetentionTip, value)) return value
  throw new TipError('TIP_INVALID', explainMismatch(value))
}

/**
 * @param bytes `tip.json`, at most 4 MiB
 * @throws TipError `TIP_TOO_LARGE`, `TIP_NOT_UTF8`, `TIP_NOT_JSON`, `TIP_VERSION`, `TIP_INVALID`.
 */
export function parseTip(bytes: Uint8Array): DetentionTip {
  return checkTip(parseTipJson(bytes))
}

/**
 * Like `writeTip`, but checks the tip first, so that nothing is written that `parseTip` would
 * refuse.
 *
 * @throws TipError `TIP_INVALID`, `TIP_TOO_LARGE`.
 */
export function serializeTip(tip: DetentionTip): Uint8Array {
  return writeTip(checkTip({ ...tip, schema: schemaIdFor(tip) }))
}
