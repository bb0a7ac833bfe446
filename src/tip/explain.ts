import type { TLocalizedValidationError } from 'typebox/error'
import { Errors } from 'typebox/schema'
import { namePattern, sha256Pattern } from './attachment.ts'
import { edtfPattern } from './edtf.ts'
import { countryPattern } from './fields.ts'
import { DetentionTip } from './schema.ts'
import { messageIdPattern, replyRecipientPattern } from './thread.ts'

/**
 * Explains in one line which field of a tip is wrong and what is allowed. Values are never quoted.
 */

const maxPathChars = 120

const patterns: ReadonlyMap<string, string> = new Map([
  ['\\S', 'must not be blank; write what happened in a sentence'],
  [
    edtfPattern,
    'must be an EDTF date such as 2017-11-04, 2017-11~, 2017?, 2017-11-01/2017-11-10, 2017-11-04/.. or unknown',
  ],
  [countryPattern, 'must be a country code of two capital letters, such as CN or KP'],
  [sha256Pattern, 'must be 64 lower-case hex digits'],
  [replyRecipientPattern, 'must be a post-quantum recipient, age1pq1…, of 1,959 characters'],
  [messageIdPattern, 'must be the id of an answer: 32 lower-case hex digits'],
  [namePattern, 'must be a file name without a path or control characters'],
])

const refinement = 'is an interval whose end is before its start; swap the two dates'

const isNullable = (error: TLocalizedValidationError): boolean =>
  error.schemaPath.endsWith('/anyOf/0')

const explain = (error: TLocalizedValidationError): string => {
  switch (error.keyword) {
    case 'required':
      return `lacks ${error.params.requiredProperties.join(', ')}; add it`
    case 'boolean':
    case 'additionalProperties':
      return 'is not a field of detention_tip; remove it, or move its text to narrative'
    case 'enum':
      return `must be one of ${error.params.allowedValues.join(', ')}`
    case 'const':
      return `must be ${String(error.params.allowedValue)}, or left out`
    case 'type':
      return `must be of type ${[error.params.type].flat().join(' or ')}${isNullable(error) ? ', or null' : ''}`
    case 'minLength':
      return `must not be empty; ${isNullable(error) ? 'use null or leave it out' : 'write something'}`
    case 'maxLength':
      return `must be at most ${error.params.limit} characters; put the rest in an attachment`
    case 'minimum':
    case 'maximum':
      return `must be ${error.params.comparison} ${error.params.limit}`
    case 'pattern':
      return (
        patterns.get(String(error.params.pattern)) ?? 'does not match the pattern in the schema'
      )
    case '~refine':
      return refinement
    default:
      return 'does not fit the schema'
  }
}

// `anyOf` always means "this or null". That a value is not null either explains nothing.
const isNoise = (error: TLocalizedValidationError): boolean =>
  error.keyword === 'anyOf' || error.schemaPath.endsWith('/anyOf/1')

const fieldPath = (pointer: string): string => {
  const path = stepsOf(pointer).reduce(
    (path, step) => (/^\d+$/u.test(step) ? `${path}[${step}]` : path ? `${path}.${step}` : step),
    '',
  )
  // Names of unknown fields come from outside, and the message may reach a terminal.
  const printable = path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '�')
  return printable.length > maxPathChars
    ? `${printable.slice(0, maxPathChars)}…`
    : printable || 'tip.json'
}

/** @param value a value that does not match `DetentionTip` */
export function explainMismatch(value: unknown): string {
  const [, errors] = Errors(DetentionTip, value)
  const first = errors.find((error) => !isNoise(error)) ?? errors[0]
  if (first === undefined) return 'tip.json does not fit the schema'
  // The required form of a code or a date explains more than its maximum length.
  const best =
    errors.find(
      (error) => error.keyword === 'pattern' && error.instancePath === first.instancePath,
    ) ?? first
  return `${fieldPath(best.instancePath)} ${explain(best)}`
}

/** The values that do not match, eight at most: the path to each, and what is wrong with it. */
export function mismatches(value: unknown): { steps: string[]; text: string }[] {
  const [, errors] = Errors(DetentionTip, value)
  const found = new Map<string, string>()
  for (const error of errors)
    if (!isNoise(error) && !found.has(error.instancePath))
      found.set(error.instancePath, `${fieldPath(error.instancePath)} ${explain(error)}`)
  return [...found].map(([pointer, text]) => ({ steps: stepsOf(pointer), text }))
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
