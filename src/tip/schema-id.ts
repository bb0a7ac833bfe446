/** `$id` of the published JSON Schema. A changed list of fields needs a new number. */
export const tipSchemaId = 'urn:tumen:detention_tip:1'
