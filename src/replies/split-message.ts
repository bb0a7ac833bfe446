import { maxParts, messageBytes } from './bounds.ts'
import { ReplyError } from './errors.ts'
import type { ReplyAsk, ReplyMessage } from './message-fields.ts'
import { encodeMessage, replyAsks, replySchemaId } from './message-fields.ts'
import { messageTextProblem } from './message-text.ts'

/**
 * Divides the text of an answer into the texts of its parts. Joined they give the text again, with
 * runs of blanks shortened. A part ends after a line, else after a word, else after a whole
 * character as a person sees it.
 * @throws ReplyError `MESSAGE_TOO_LONG` for more than four parts; `MESSAGE_INVALID` for an empty
 *   text or one with control characters.
 */
export function splitMessage(text: string, asks: readonly ReplyAsk[]): string[] {
  const clean = tidyText(text)
  const problem = messageTextProblem(clean)
  if (problem !== null) throw new ReplyError('MESSAGE_INVALID', `the text ${problem}`)
  if (clean.length > maxParts * messageBytes) throw tooLong()
  const room = messageBytes - bytesWithoutText(asks)
  const parts: string[] = []
  for (let rest = clean; rest !== ''; ) {
    if (parts.length === maxParts) throw tooLong()
    const part = beginningOf(rest, room)
    parts.push(part)
    rest = rest.slice(part.length)
  }
  return parts
}

/** Long runs of blanks would make blank parts. */
function tidyText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\t \u00a0\u3000]+/gu, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .normalize('NFC')
}

/** Length of a message with all fields at their longest and no text. */
function bytesWithoutText(asks: readonly ReplyAsk[]): number {
  const hex = '0'.repeat(32)
  const message: ReplyMessage = {
    schema: replySchemaId,
    id: hex,
    thread: hex,
    drop: hex,
    day: '2027-01-01',
    language: 'other',
    part: maxParts,
    parts: maxParts,
    asks: replyAsks.filter((ask) => asks.includes(ask)),
    text: '',
  }
  return encodeMessage(message).length
}

/** The longest beginning of `text` that fits into `room` bytes of JSON and ends well. */
function beginningOf(text: string, room: number): string {
  if (jsonBytes(text) <= room) return text
  let [fits, bytes, word, line] = [0, 0, 0, 0]
  for (const { segment, index } of new Intl.Segmenter('und').segment(text)) {
    bytes += jsonBytes(segment)
    if (bytes > room) break
    fits = index + segment.length
    if (/^\s+$/u.test(segment)) word = fits
    if (segment.endsWith('\n')) line = fits
  }
  // A single character with very many accents: it is divided between code points.
  if (fits === 0) return codePointsWithin(text, room)
  return text.slice(0, [line, word].find((end) => end > fits / 2 && hasText(text, end)) ?? fits)
}

/** No part may be blank: `parseMessage` refuses such a part. */
function hasText(text: string, end: number): boolean {
  return text.slice(0, end).trim() !== '' && text.slice(end).trim() !== ''
}

function codePointsWithin(text: string, room: number): string {
  let [end, bytes] = [0, 0]
  for (const character of text) {
    bytes += jsonBytes(character)
    if (bytes > room) break
    end += character.length
  }
  return text.slice(0, end)
}

function jsonBytes(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length - 2
}

function tooLong(): ReplyError {
  return new ReplyError(
    'MESSAGE_TOO_LONG',
    `the text does not fit into ${maxParts} parts of about 2,000 Korean or 6,000 Latin letters: shorten it`,
  )
}
