import * as Type from 'typebox'
import { Check, Errors } from 'typebox/schema'
import { decodeText } from '../../text/decode-text.ts'
import { countryPattern } from '../../tip/fields.ts'
import { TriageError } from './errors.ts'

/** How long a government is known to hold people before it hands them over. */
const WindowRule = Type.Object(
  {
    /** ISO 3166-1 alpha-2: the country that holds the people. */
    custody: Type.String({ pattern: countryPattern }),
    /** The country to which the people are handed over. */
    destination: Type.String({ pattern: countryPattern }),
    days: Type.Integer({ minimum: 1, maximum: 3_650 }),
    /** Source of the number of days; shown wherever the number is used. */
    source: Type.String({ minLength: 1, maxLength: 500 }),
  },
  { additionalProperties: false },
)
export type WindowRule = Type.Static<typeof WindowRule>

const WindowsFile = Type.Object(
  {
    schema: Type.Literal('tumen-windows/1'),
    windows: Type.Array(WindowRule, { maxItems: 200 }),
  },
  { additionalProperties: false },
)

export const maxWindowsBytes = 256 * 1024

/**
 * The number of days is neither a minimum nor a maximum: a family seized on 4 November 2017 was
 * reported back by the 29th; eight people held in mid-March 2017 were still held on 23 April.
 */
export const builtInWindows: readonly WindowRule[] = [
  {
    custody: 'CN',
    destination: 'KP',
    days: 14,
    source:
      'returns reported by HRW and Amnesty, 2012 and 2017: about two weeks, sometimes over five',
  },
]

/**
 * Parses `windows.json` of a casebook, which replaces the built-in table.
 * @throws TriageError `WINDOWS_INVALID`, naming the field.
 */
export function parseWindows(bytes: Uint8Array): WindowRule[] {
  if (bytes.length > maxWindowsBytes) throw invalid(`it is longer than ${maxWindowsBytes} bytes`)
  const value = parseJson(bytes)
  if (Check(WindowsFile, value)) return value.windows
  const [, [first]] = Errors(WindowsFile, value)
  throw invalid(
    `${first?.instancePath.slice(1).replaceAll('/', '.') || 'the file'} ${first?.message ?? 'is not in the form tumen-windows/1'}`,
  )
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(bytes))
  } catch (cause) {
    throw invalid('it is not JSON in UTF-8', cause)
  }
}

function invalid(why: string, cause?: unknown): TriageError {
  return new TriageError(
    'WINDOWS_INVALID',
    `windows.json: ${why}; mend it, or take it away and the built-in windows count`,
    cause,
  )
}
