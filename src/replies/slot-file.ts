import { openFile, sealFile, unwrapWith } from '../age/file.ts'
import type { Identity } from '../age/keys.ts'
import { parseRecipient } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import type { Piece } from '../age/stream.ts'
import { inlineEngine } from '../age/stream.ts'
import { concat } from '../age/bytes.ts'
import { messageBytes, slotBytes } from './bounds.ts'
import type { ReplyMessage } from './message-fields.ts'
import { formatMessage, parseMessage } from './message.ts'

/**
 * Seals one part of an answer to an age file of exactly 8,192 bytes.
 * @throws AgeError `RECIPIENT_INVALID`; ReplyError as `formatMessage`.
 */
export async function sealSlot(
  primitives: Primitives,
  recipient: string,
  message: ReplyMessage,
): Promise<Uint8Array> {
  const plaintext = formatMessage(message)
  const engine = inlineEngine(primitives)
  const recipients = [parseRecipient(recipient)]
  const file = await gather(sealFile({ primitives, engine }, recipients, once(plaintext)))
  plaintext.fill(0)
  if (file.length !== slotBytes)
    throw new RangeError(`a slot of ${file.length} bytes instead of ${slotBytes}`)
  return file
}

/**
 * Opens a slot and reads the message in it. @throws AgeError as `openFile`; ReplyError
 * `MESSAGE_INVALID`.
 */
export async function openSlot(
  primitives: Primitives,
  identity: Identity,
  file: Uint8Array,
): Promise<ReplyMessage> {
  const engine = inlineEngine(primitives)
  const unwrap = unwrapWith(primitives, [identity])
  const plaintext = await gather(openFile({ primitives, engine }, unwrap, once(file)))
  return parseMessage(plaintext.subarray(0, messageBytes + 1))
}

async function* once(bytes: Uint8Array): AsyncGenerator<Piece> {
  yield bytes
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  // A piece is valid only until the next one is requested.
  for await (const piece of pieces) parts.push(piece.slice())
  return concat(...parts)
}
