import * as Type from 'typebox'
import { maxLineChars, maxNoteChars, maxRepeats } from './bounds.ts'
import { edtfPattern, isEdtf, maxEdtfChars } from './edtf.ts'

/** The kinds of field in a tip. */

/** Absent and null both mean "not asked". "The source does not know" is a code or a text. */
export const nullable = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

/**
 * Marks a field that identifies or endangers a person: it never leaves the desk without a reason.
 */
export const high = { $comment: 'sensitivity: high' }
export const medium = { $comment: 'sensitivity: medium' }
export const low = { $comment: 'sensitivity: low' }

export type Sensitivity = typeof high | typeof medium | typeof low

const text = (maxLength: number, sensitivity: Sensitivity) =>
  Type.String({ minLength: 1, maxLength, ...sensitivity })

export const line = (sensitivity: Sensitivity) => nullable(text(maxLineChars, sensitivity))
export const note = (sensitivity: Sensitivity) => nullable(text(maxNoteChars, sensitivity))

export const code = <const Values extends string[]>(
  values: readonly [...Values],
  sensitivity: Sensitivity,
) => nullable(Type.Enum(values, sensitivity))

export const codes = <const Values extends string[]>(
  values: readonly [...Values],
  sensitivity: Sensitivity,
) => nullable(Type.Array(Type.Enum(values), { maxItems: values.length, ...sensitivity }))

/** ISO 3166-1 alpha-2. */
export const countryPattern = '^[A-Z]{2}$'
const countryCode = Type.String({ pattern: countryPattern, maxLength: 2 })
export const country = nullable(countryCode)
export const countries = nullable(Type.Array(countryCode, { maxItems: maxRepeats, ...medium }))

/** The pattern cannot check that an interval's end follows its start; the refinement does. */
export const edtf = (sensitivity: Sensitivity) =>
  nullable(
    Type.Refine(
      Type.String({ pattern: edtfPattern, maxLength: maxEdtfChars, ...sensitivity }),
      isEdtf,
    ),
  )

export const count = (maximum: number, sensitivity: Sensitivity) =>
  nullable(Type.Integer({ minimum: 0, maximum, ...sensitivity }))

export const group = <Fields extends Type.TProperties>(fields: Fields) =>
  Type.Object(fields, { additionalProperties: false })

export const list = <Item extends Type.TSchema>(
  item: Item,
  maxItems: number,
  sensitivity: Sensitivity,
) => nullable(Type.Array(item, { maxItems, ...sensitivity }))
