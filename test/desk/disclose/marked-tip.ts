import { createHash } from 'node:crypto'
import type { FieldSchema } from '../../../src/desk/casebook/schema-path.ts'
import { tipFields, withoutNull } from '../../../src/desk/casebook/schema-path.ts'
import { sha256Pattern } from '../../../src/tip/attachment.ts'
import { edtfPattern } from '../../../src/tip/edtf.ts'
import { countryPattern } from '../../../src/tip/fields.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { messageIdPattern, replyRecipientPattern } from '../../../src/tip/thread.ts'
import { checkTip } from '../../../src/tip/tip-json.ts'

/** The marker in a free-text field. A marker in an output identifies the field that leaked. */
export const markerOf = (path: string): string => `Marker_${path.replaceAll('.', '_')}_end`

export const markersIn = (output: string): string[] =>
  [...new Set(output.match(/Marker_\w+?_end/gu) ?? [])].sort()

export const fileContents: readonly string[] = ['Marker_content_0_end', 'Marker_content_1_end']
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * A tip generated from the schema, with two entries in every list and a marker in every text. It
 * covers new fields of the schema without a change to the tests.
 */
export function markedTip(): DetentionTip {
  const tip = fill(tipFields, '') as DetentionTip
  return checkTip({
    ...tip,
    consent: [],
    consent_meta: { ...tip.consent_meta, family_agrees: 'yes', withdrawn: 'no' },
    attachments: (tip.attachments ?? []).map((each, index) => ({
      ...each,
      name: `${markerOf(`attachments.${index}.name`)}.jpg`,
      bytes: fileContents[index]?.length ?? 0,
      sha256: sha256(fileContents[index] ?? ''),
      metadata: index === 0 ? 'removed' : 'kept',
    })),
  })
}

function fill(schema: FieldSchema, path: string): unknown {
  const { items, properties, type, pattern, enum: codes, const: fixed } = withoutNull(schema)
  const below = (name: string | number) => (path === '' ? `${name}` : `${path}.${name}`)
  if (fixed !== undefined) return fixed
  if (codes !== undefined) return codes[0]
  if (items !== undefined) {
    const isClosed = withoutNull(items).enum !== undefined
    return (isClosed ? [0] : [0, 1]).map((index) => fill(items, below(index)))
  }
  if (properties !== undefined)
    return Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, fill(field, below(name))]),
    )
  if (type === 'integer' || type === 'number') return 30
  if (type === 'boolean') return true
  if (pattern === countryPattern) return 'CN'
  if (pattern === edtfPattern) return '2017-11-04'
  if (pattern === replyRecipientPattern) return `age1pq1${'q'.repeat(1952)}`
  if (pattern === messageIdPattern) return sha256(path).slice(0, 32)
  return pattern === sha256Pattern ? sha256(path) : markerOf(path)
}
