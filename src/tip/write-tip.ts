import { maxTipBytes } from './bounds.ts'
import { TipError } from './errors.ts'
import type { DetentionTip } from './schema.ts'
import { schemaIdFor } from './schema-id.ts'

/**
 * All field names of the schema, those of each group in the group's own order. With this list the
 * same tip gives the same bytes in whatever order its fields were filled in, and the page does not
 * need the schema.
 */
export const fieldOrder: readonly string[] = [
  'schema',
  'narrative',
  'lang',
  'topic',
  'urgent_now',
  'people_count',
  'persons',
  'event',
  'steps',
  'source',
  'as_typed',
  'consent',
  'consent_meta',
  'reply',
  'reply_next',
  'answers',
  'close',
  'attachments',
  'min',
  'max',
  'names',
  'sex',
  'birth',
  'age',
  'age_text',
  'minor',
  'nationality',
  'origin_place',
  'ethnicity',
  'risk_flags',
  'medical',
  'id_docs',
  'status',
  'value',
  'unit',
  'as_of',
  'reckoning',
  'type',
  'number',
  'when_text',
  'detained_when',
  'last_contact',
  'where_taken',
  'held_where',
  'transfers',
  'how_taken',
  'authority',
  'authority_text',
  'warrant',
  'reasons_given',
  'acknowledged',
  'return_risk',
  'companions',
  'guides_held',
  'to_country',
  'expected',
  'actions',
  'already_public',
  'action',
  'when',
  'from',
  'to',
  'result',
  'relation',
  'basis',
  'inside_risk_country',
  'contact',
  'way',
  'field',
  'text',
  'script',
  'kind',
  'by',
  'country',
  'admin',
  'lat',
  'lon',
  'precision_km',
  'safe_times',
  'recipient',
  'tag_key',
  'language',
  'level',
  'given_by',
  'family_agrees',
  'detainee_wish',
  'text_version',
  'date',
  'withdrawn',
  'name',
  'media_type',
  'bytes',
  'sha256',
  'original_name',
  'metadata',
  'note',
]

export function tooLarge(): TipError {
  return new TipError(
    'TIP_TOO_LARGE',
    `tip.json is over ${maxTipBytes} bytes; put long texts in an attachment`,
  )
}

/**
 * Writes UTF-8 JSON in the order of the schema, indented by two spaces, with one newline at the
 * end. `schema` comes first and names the oldest edition that has all fields. Checks only the
 * length; `serializeTip` checks the rest.
 *
 * @throws TipError `TIP_TOO_LARGE`.
 */
export function writeTip(tip: DetentionTip): Uint8Array {
  const text = JSON.stringify({ ...tip, schema: schemaIdFor(tip) }, [...fieldOrder], 2)
  const bytes = new TextEncoder().encode(`${text}\n`)
  if (bytes.length > maxTipBytes) throw tooLarge()
  return bytes
}
