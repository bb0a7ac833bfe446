import { countryPattern } from '../../tip/fields.ts'
import { sha256Pattern } from '../../tip/attachment.ts'
import { edtfPattern } from '../../tip/edtf.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { messageIdPattern, replyRecipientPattern } from '../../tip/thread.ts'
import type { FieldSchema } from '../casebook/schema-path.ts'
import { tipFields, withoutNull } from '../casebook/schema-path.ts'

/** One free text of a tip, and where it is: `persons.0.names.1.text`. */
export interface TipText {
  path: string
  text: string
}

/** Patterns that leave no space for free text: country codes, EDTF dates, digests and keys. */
const closedPatterns = new Set([
  countryPattern,
  edtfPattern,
  sha256Pattern,
  replyRecipientPattern,
  messageIdPattern,
])

/**
 * Whether the schema allows any text in a field. Decided from the schema instead of a list of
 * fields, so that a field added to the schema counts as free text until it is restricted.
 */
function isFreeText({ enum: codes, const: fixed, pattern }: FieldSchema): boolean {
  const isClosed = pattern !== undefined && closedPatterns.has(pattern)
  return codes === undefined && fixed === undefined && !isClosed
}

/**
 * The tip with every free text replaced by the result of `replace`. A string in a field that the
 * schema does not know also counts as free text.
 */
export function mapTexts(
  tip: DetentionTip,
  replace: (found: TipText) => string | null,
): DetentionTip {
  return mapNode(tip, tipFields, '', replace) as DetentionTip
}

/** Every free text of a tip, in the order of its fields. */
export function textsOf(tip: DetentionTip | null): TipText[] {
  if (tip === null) return []
  const texts: TipText[] = []
  mapTexts(tip, (found) => {
    texts.push(found)
    return null
  })
  return texts
}

const unknownField: FieldSchema = {}

function mapNode(
  value: unknown,
  schema: FieldSchema,
  path: string,
  replace: (found: TipText) => string | null,
): unknown {
  const { items, properties, ...leaf } = withoutNull(schema)
  if (typeof value === 'string') return isFreeText(leaf) ? replace({ path, text: value }) : value
  if (typeof value !== 'object' || value === null) return value
  const below = (name: string | number) => (path === '' ? `${name}` : `${path}.${name}`)
  if (Array.isArray(value))
    return value.map((item, index) => mapNode(item, items ?? unknownField, below(index), replace))
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const known =
        properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
      return [name, mapNode(field, known ?? unknownField, below(name), replace)]
    }),
  )
}
