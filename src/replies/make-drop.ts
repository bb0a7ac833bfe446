import type { Primitives } from '../age/primitives.ts'
import { drawThreadSecret } from '../thread/draw-secret.ts'
import { bytesOfHex, hexOf } from '../age/hex.ts'
import type { ReplyLanguage } from '../thread/reply-group.ts'
import {
  deriveThread,
  dropIdBytes,
  openedTag,
  replyTag,
  threadIdOf,
  wipeThread,
} from '../thread/thread.ts'
import type { Day } from '../time/day.ts'
import { openedTags, slotsPerDrop } from './bounds.ts'
import type { DropSlot } from './drop.ts'
import { fillOpenedTags, writeDrop } from './drop.ts'
import { ReplyError } from './errors.ts'
import type { ReplyAsk } from './message-fields.ts'
import { replySchemaId } from './message-fields.ts'
import { placeMessages } from './place-messages.ts'
import { sealSlot } from './slot-file.ts'

/** An answer that was written to one thread. */
export interface OutgoingMessage {
  /** 32 hex digits, drawn when the answer was written. */
  id: string
  /** `age1pq1…` of a group that passed `checkReplyGroup`. */
  recipient: string
  /** 32 bytes. */
  tagKey: Uint8Array
  /** The day on which the answer was written. */
  day: Day
  language: ReplyLanguage
  /** A result of `splitMessage`. */
  parts: readonly string[]
  asks: readonly ReplyAsk[]
  /** Whether an earlier drop brought it already: such an answer only fills spare slots. */
  isRepeat: boolean
}

export interface MadeDrop {
  bytes: Uint8Array
  /** Ids of the answers that are in the drop for the first time, and again. */
  sent: string[]
  repeated: string[]
  /** Ids of new answers that wait for the next drop. */
  waiting: string[]
  /** How many of `opened`, from the first, are in `opened.tags`. The rest waits. */
  openedCount: number
}

/**
 * Makes a drop: new answers, oldest first; then answers that were sent before and have had no
 * answer, freshly sealed; then decoys. Nothing but a thread's own words tells them apart.
 * @param options.messages oldest first. @param options.opened tag keys, those that waited longest
 *   first.
 * @throws ReplyError `DROP_INVALID` for a wrong id; as `sealSlot`.
 */
export async function makeDrop(
  primitives: Primitives,
  options: {
    /** 32 hex digits from fresh randomness. */
    id: string
    /** The day of the drop, on which decoys are dated. */
    day: Day
    messages: readonly OutgoingMessage[]
    opened: readonly Uint8Array[]
  },
): Promise<MadeDrop> {
  const { id, day, messages, opened } = options
  const dropId = bytesOfHex(id, dropIdBytes)
  if (dropId === null) throw new ReplyError('DROP_INVALID', "a drop's id is 32 hex digits")
  const placed = placeMessages(messages, (message) => threadIdOf(primitives, message))
  const slots: DropSlot[] = []
  const used = new Map<string, number>()
  for (const message of [...placed.sent, ...placed.repeated])
    slots.push(...(await sealParts(primitives, { dropId, used }, message)))
  while (slots.length < slotsPerDrop) slots.push(await makeDecoy(primitives, dropId, day))
  const openedCount = Math.min(opened.length, openedTags)
  const tags = opened.slice(0, openedCount).map((key) => openedTag(primitives, key, dropId))
  return {
    bytes: writeDrop({
      id,
      slots,
      openedTags: fillOpenedTags(tags, (length) => primitives.randomBytes(length)),
    }),
    sent: placed.sent.map((message) => message.id),
    repeated: placed.repeated.map((message) => message.id),
    waiting: placed.waiting.map((message) => message.id),
    openedCount,
  }
}

/**
 * @param state `used`: how many slots of this drop each tag key has so far. A source can send two
 *   groups with one tag key and two recipients; their tags must differ nevertheless.
 */
async function sealParts(
  primitives: Primitives,
  state: { dropId: Uint8Array; used: Map<string, number> },
  message: Omit<OutgoingMessage, 'isRepeat'>,
): Promise<DropSlot[]> {
  const { dropId, used } = state
  const { recipient, tagKey, parts, id, day, language, asks } = message
  const thread = threadIdOf(primitives, message)
  const slots: DropSlot[] = []
  for (const [index, text] of parts.entries()) {
    const k = used.get(hexOf(tagKey)) ?? 0
    used.set(hexOf(tagKey), k + 1)
    const file = await sealSlot(primitives, recipient, {
      schema: replySchemaId,
      id,
      thread,
      drop: hexOf(dropId),
      day,
      language,
      part: index + 1,
      parts: parts.length,
      text,
      asks,
    })
    slots.push({ tag: replyTag(primitives, tagKey, dropId, k), file })
  }
  return slots
}

/** An answer to nobody, by the same code: its thread is drawn, and wiped when it is sealed. */
async function makeDecoy(primitives: Primitives, dropId: Uint8Array, day: Day): Promise<DropSlot> {
  const thread = deriveThread(primitives, drawThreadSecret(primitives))
  const [slot] = await sealParts(
    primitives,
    { dropId, used: new Map() },
    {
      recipient: thread.recipient,
      tagKey: thread.tagKey,
      id: hexOf(primitives.randomBytes(dropIdBytes)),
      day,
      language: 'en',
      parts: ['-'],
      asks: [],
    },
  )
  wipeThread(thread)
  if (slot === undefined) throw new RangeError('a decoy has one part')
  return slot
}
