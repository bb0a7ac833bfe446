import * as Type from 'typebox'
import { languages } from './codes.ts'
import { group, high, low, nullable } from './fields.ts'

/** A post-quantum age recipient: 1,959 characters of bech32. */
export const replyRecipientPattern = '^age1pq1[02-9ac-hj-np-z]+$'
const replyRecipientChars = 1959
export const tagKeyPattern = '^[0-9a-f]{64}$'
export const messageIdPattern = '^[0-9a-f]{32}$'

/**
 * With this a source can be answered. The schema checks the form alone; `checkReplyGroup` says
 * whether the recipient can be sealed to.
 */
export const Reply = group({
  recipient: Type.String({
    pattern: replyRecipientPattern,
    minLength: replyRecipientChars,
    maxLength: replyRecipientChars,
    ...high,
  }),
  tag_key: Type.String({ pattern: tagKeyPattern, maxLength: 64, ...high }),
  language: Type.Enum(languages, low),
})
export type Reply = Type.Static<typeof Reply>

/** The id of the answer to which this tip is the answer. */
export const answers = nullable(Type.String({ pattern: messageIdPattern, maxLength: 32, ...high }))

/** The source wants no more answers. There is no value for the contrary. */
export const close = nullable(Type.Literal(true, low))
