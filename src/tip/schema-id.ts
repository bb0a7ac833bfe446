/**
 * `$id` of each edition of the published JSON Schema. A change to the list of fields requires a new
 * one. A tip names the oldest edition that has all of its fields, so that a desk of the version
 * before can still read it.
 */
export const tipSchemaIds = ['urn:tumen:detention_tip:1', 'urn:tumen:detention_tip:2'] as const
export type TipSchemaId = (typeof tipSchemaIds)[number]

const [firstSchemaId, newestSchemaId] = tipSchemaIds

/** `$id` of the newest edition. */
export const tipSchemaId = newestSchemaId
/** The number of the newest edition: a desk that reads it says so in its index. */
export const tipEdition = 2

/** The fields that edition 2 added: with them a source can be answered. */
export const threadFields = ['reply', 'reply_next', 'answers', 'close'] as const

/** The `$id` that a tip with these fields has. */
export function schemaIdFor(
  tip: Readonly<Partial<Record<(typeof threadFields)[number], unknown>>>,
): TipSchemaId {
  const isSecond = threadFields.some((field) => tip[field] !== undefined && tip[field] !== null)
  return isSecond ? newestSchemaId : firstSchemaId
}
