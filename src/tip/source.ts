import type * as Type from 'typebox'
import { contactWays, knowledgeBases, relations, yesNoPreferNot } from './codes.ts'
import { code, group, high, line, medium, note, nullable } from './fields.ts'

/** If the source chooses nothing, `return_here` is the default. */
const Contact = group({ way: code(contactWays, high), text: note(high), safe_times: line(high) })

/**
 * The person who sends the tip, as far as they want to describe themselves. This group never leaves
 * the desk.
 */
export const Source = group({
  relation: code(relations, high),
  basis: code(knowledgeBases, medium),
  inside_risk_country: code(yesNoPreferNot, high),
  contact: nullable(Contact),
})
export type Source = Type.Static<typeof Source>
