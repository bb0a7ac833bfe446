import type { ReplyLanguage } from '../thread/reply-group.ts'
import type { Day } from '../time/day.ts'

export const replySchemaId = 'urn:tumen:detention_reply:1'

/** For whom staff ask consent: the recipients of the tip's `consent`. */
export const replyAsks = ['un', 'unhcr', 'icrc', 'embassy', 'ngo', 'media'] as const
export type ReplyAsk = (typeof replyAsks)[number]

/** One part of an answer: the plaintext of one slot. */
export interface ReplyMessage {
  schema: typeof replySchemaId
  /** 32 hex digits, the same in every part and every repeat of the answer. */
  id: string
  /** The thread and the drop for which this part was sealed: 32 hex digits each. */
  thread: string
  drop: string
  /** The day of the answer. */
  day: Day
  language: ReplyLanguage
  /** Number of this part, from 1, and of all parts. */
  part: number
  parts: number
  text: string
  /** The same in every part. */
  asks: readonly ReplyAsk[]
}

/** How the fields of a message are written; the rest of the bytes are blanks. */
export function encodeMessage(message: ReplyMessage): Uint8Array {
  const { schema, id, thread, drop, day, language, part, parts, asks, text } = message
  return new TextEncoder().encode(
    JSON.stringify({ schema, id, thread, drop, day, language, part, parts, asks, text }),
  )
}
