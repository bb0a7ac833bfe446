import { objectIn } from '../json/object-in.ts'
import { replyLanguages } from '../thread/reply-group.ts'
import { isDay } from '../time/day.ts'
import { maxParts, messageBytes } from './bounds.ts'
import { ReplyError } from './errors.ts'
import { isHexId } from './hex-id.ts'
import type { ReplyAsk, ReplyMessage } from './message-fields.ts'
import { encodeMessage, replyAsks, replySchemaId } from './message-fields.ts'
import { messageTextProblem } from './message-text.ts'

export { messageBytes, slotBytes } from './bounds.ts'
export { replyAsks, replySchemaId } from './message-fields.ts'
export type { ReplyAsk, ReplyMessage } from './message-fields.ts'
export { splitMessage } from './split-message.ts'

/**
 * The plaintext of a slot: JSON in UTF-8, and blanks up to 6,533 bytes.
 * @throws ReplyError `MESSAGE_TOO_LONG`; `MESSAGE_INVALID` for what `parseMessage` would refuse.
 */
export function formatMessage(message: ReplyMessage): Uint8Array {
  const problem = messageProblem({ ...message })
  if (problem !== null) throw new ReplyError('MESSAGE_INVALID', `the answer's ${problem}`)
  const json = encodeMessage(message)
  if (json.length > messageBytes)
    throw new ReplyError('MESSAGE_TOO_LONG', 'the text does not fit into one slot: split it')
  const padded = new Uint8Array(messageBytes).fill(0x20)
  padded.set(json)
  return padded
}

/**
 * Reads the plaintext of a slot. Fields of later editions are ignored.
 * @throws ReplyError `MESSAGE_INVALID`; never any other error.
 */
export function parseMessage(bytes: Uint8Array): ReplyMessage {
  if (bytes.length !== messageBytes)
    throw new ReplyError('MESSAGE_INVALID', `an answer has exactly ${messageBytes} bytes`)
  const fields = objectIn(decode(bytes))
  const problem = messageProblem(fields)
  if (problem !== null) throw new ReplyError('MESSAGE_INVALID', `the answer's ${problem}`)
  const { schema, id, thread, drop, day, language, part, parts, asks, text } =
    fields as unknown as ReplyMessage
  return { schema, id, thread, drop, day, language, part, parts, text, asks }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ReplyError('MESSAGE_INVALID', 'the answer is not UTF-8 text', cause)
  }
}

/** The first wrong field and what it should be, or null. */
function messageProblem(fields: Readonly<Record<string, unknown>>): string | null {
  const { schema, id, thread, drop, day, language, part, parts, text, asks } = fields
  if (schema !== replySchemaId) return 'schema is of another edition'
  if (!isHexId(id)) return 'id is not 32 hex digits'
  if (!isHexId(thread)) return 'thread is not 32 hex digits'
  if (!isHexId(drop)) return 'drop is not 32 hex digits'
  if (typeof day !== 'string' || !isDay(day)) return 'day is not a day of the calendar'
  if (!replyLanguages.some((each) => each === language)) return 'language is not a known language'
  if (!isCount(parts, maxParts)) return `parts is not a number from 1 to ${maxParts}`
  if (!isCount(part, parts)) return 'part is not a number from 1 to parts'
  if (!isListOfAsks(asks)) return 'asks is not a list of recipients, each once'
  if (typeof text !== 'string') return 'text is not a text'
  const problem = messageTextProblem(text)
  return problem === null ? null : `text ${problem}`
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most
}

function isListOfAsks(value: unknown): value is ReplyAsk[] {
  return (
    Array.isArray(value) &&
    value.length <= replyAsks.length &&
    new Set(value).size === value.length &&
    value.every((each) => replyAsks.some((ask) => ask === each))
  )
}
