/** `$id` of the published JSON Schema. A change to the list of fields requires a new number. */
export const tipSchemaId = 'urn:tumen:detention_tip:1'
