import { AgeError } from '../age/errors.ts'
import type { Primitives } from '../age/primitives.ts'
import { bytesOfHex } from '../age/hex.ts'
import type { Thread } from '../thread/thread.ts'
import { dropIdBytes, openedTag, replyTag } from '../thread/thread.ts'
import { slotsPerDrop } from './bounds.ts'
import { hasOpenedTag, readDrop } from './drop.ts'
import { ReplyError } from './errors.ts'
import type { ReplyMessage } from './message-fields.ts'
import { openSlot } from './slot-file.ts'

/**
 * `SLOT_DAMAGED`: a slot with the thread's tag cannot be opened or read. `SLOT_MISPLACED`: it was
 * sealed for another thread or another drop. `SLOT_REPEATED`: it has a part that was there already.
 */
export type DropProblemCode = 'SLOT_DAMAGED' | 'SLOT_MISPLACED' | 'SLOT_REPEATED'

export interface OpenedDrop {
  /** Parts of answers, in the order of their slots. */
  messages: ReplyMessage[]
  /** Whether the drop says that staff opened a tip of this thread. */
  isOpened: boolean
  problems: { code: DropProblemCode; detail: string }[]
}

const details: Readonly<Record<DropProblemCode, string>> = {
  SLOT_DAMAGED: 'an answer in this drop cannot be opened; it is left out',
  SLOT_MISPLACED: 'an answer in this drop was made for another place; it is left out',
  SLOT_REPEATED: 'a part of an answer is twice in this drop; one is left out',
}

/**
 * Finds and opens what a drop holds for a thread. Only use drops whose SHA-256 is in a signed
 * index: this function checks no signature.
 * @param dropId 32 hex digits, as the index names the drop.
 * @throws ReplyError `DROP_INVALID`; never any other error.
 */
export async function openDrop(
  primitives: Primitives,
  thread: Thread,
  dropId: string,
  bytes: Uint8Array,
): Promise<OpenedDrop> {
  const id = bytesOfHex(dropId, dropIdBytes)
  if (id === null) throw new ReplyError('DROP_INVALID', "a drop's id is 32 hex digits")
  const drop = readDrop(bytes)
  const isOpened = hasOpenedTag(drop, openedTag(primitives, thread.tagKey, id))
  const opened: OpenedDrop = { messages: [], isOpened, problems: [] }
  for (let k = 0; k < slotsPerDrop; k += 1) {
    const file = drop.slots.get(replyTag(primitives, thread.tagKey, id, k))
    if (file !== undefined) await takeSlot(primitives, { thread, dropId, file }, opened)
  }
  return opened
}

async function takeSlot(
  primitives: Primitives,
  slot: { thread: Thread; dropId: string; file: Uint8Array },
  opened: OpenedDrop,
): Promise<void> {
  const { thread, dropId, file } = slot
  const report = (code: DropProblemCode) => opened.problems.push({ code, detail: details[code] })
  const message = await openSlot(primitives, thread.identity, file).catch((error: unknown) => {
    if (error instanceof AgeError || error instanceof ReplyError) return null
    throw error
  })
  if (message === null) report('SLOT_DAMAGED')
  else if (message.thread !== thread.id || message.drop !== dropId) report('SLOT_MISPLACED')
  else if (opened.messages.some(({ id, part }) => id === message.id && part === message.part))
    report('SLOT_REPEATED')
  else opened.messages.push(message)
}
