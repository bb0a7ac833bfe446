import { DetentionTip } from './schema.ts'
import { tipSchemaId } from './schema-id.ts'

/** The JSON Schema of `tip.json` as a document for other programs. */
export function publishedSchema(): string {
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: tipSchemaId,
    title: 'detention_tip',
    description:
      'A tip about people who were detained. Only narrative is required. Absent or null: not asked; unknown: the source does not know. Dates are EDTF.',
    ...DetentionTip,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
