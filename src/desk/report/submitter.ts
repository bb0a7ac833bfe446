import { decodeText } from '../../text/decode-text.ts'
import { printable } from '../text/printable.ts'
import { ReportError } from './errors.ts'

/** The organisation that submits to the UN, which takes nothing anonymous; never the source. */
export interface Submitter {
  organisation: string
  person: string | null
  address: string
  phone: string | null
  email: string | null
}

export const maxSubmitterBytes = 4096

export const submitterExample = `organisation: Name of the organisation
person: Who answers questions
address: Street, town, country
phone: +41 …
email: un@…`

const keys = ['organisation', 'person', 'address', 'phone', 'email'] as const

/**
 * Parses a submitter file.
 * @param bytes lines such as `organisation: …`; `address` may have several lines.
 * @throws ReportError `SUBMITTER_INVALID`, naming what is missing.
 */
export function parseSubmitter(bytes: Uint8Array): Submitter {
  if (bytes.length > maxSubmitterBytes)
    throw invalid(`it is longer than ${maxSubmitterBytes} bytes`)
  const values = new Map<string, string>()
  for (const line of decode(bytes).split(/\r?\n/u)) {
    if (line.trim() === '') continue
    const [, typed = '', value = ''] = /^\s*([\p{L}-]+)\s*:(.*)$/u.exec(line) ?? []
    const key = keys.find(
      (known) =>
        known ===
        typed.toLowerCase().replace('organization', 'organisation').replace('e-mail', 'email'),
    )
    if (key === undefined)
      throw invalid(`each line begins with one of ${keys.join(', ')} and a colon`)
    const text = printable(value)
    if (text !== '') values.set(key, values.has(key) ? `${values.get(key)}, ${text}` : text)
  }
  const {
    organisation,
    address,
    person = null,
    phone = null,
    email = null,
  } = Object.fromEntries(values) as Partial<Record<(typeof keys)[number], string>>
  if (organisation === undefined) throw invalid('there is no line "organisation: …"')
  if (address === undefined) throw invalid('there is no line "address: …"')
  if (phone === null && email === null)
    throw invalid('there is neither a line "phone: …" nor "email: …": the UN asks back')
  return { organisation, person, address, phone, email }
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeText(bytes)
  } catch (cause) {
    throw invalid('it is not UTF-8', cause)
  }
}

function invalid(why: string, cause?: unknown): ReportError {
  return new ReportError('SUBMITTER_INVALID', `the submitter's file: ${why}`, cause)
}
