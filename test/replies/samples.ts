import type { Primitives } from '../../src/age/primitives.ts'
import type { ReplyMessage } from '../../src/replies/message.ts'
import { replySchemaId } from '../../src/replies/message.ts'
import type { OutgoingMessage } from '../../src/replies/make-drop.ts'
import type { ReplyIndex } from '../../src/replies/index-file.ts'
import { hexOf } from '../../src/age/hex.ts'
import type { Thread } from '../../src/thread/thread.ts'
import { deriveThread } from '../../src/thread/thread.ts'
import { drawThreadSecret } from '../../src/thread/words.ts'

export const hex32 = (digit: string) => digit.repeat(32)
export const hex64 = (digit: string) => digit.repeat(64)

export function newThread(primitives: Primitives): Thread {
  return deriveThread(primitives, drawThreadSecret(primitives))
}

export function newId(primitives: Primitives): string {
  return hexOf(primitives.randomBytes(16))
}

export function sampleMessage(changes: Partial<ReplyMessage> = {}): ReplyMessage {
  return {
    schema: replySchemaId,
    id: hex32('1'),
    thread: hex32('2'),
    drop: hex32('3'),
    day: '2027-03-01',
    language: 'ko',
    part: 1,
    parts: 1,
    text: '편지를 읽었습니다.\n다시 와 주세요.',
    asks: ['un'],
    ...changes,
  }
}

export function answerTo(
  primitives: Primitives,
  { recipient, tagKey }: Pick<Thread, 'recipient' | 'tagKey'>,
  changes: Partial<OutgoingMessage> = {},
): OutgoingMessage {
  return {
    id: newId(primitives),
    recipient,
    tagKey,
    day: '2027-03-01',
    language: 'ko',
    parts: ['읽었습니다.'],
    asks: [],
    isRepeat: false,
    ...changes,
  }
}

export function sampleIndex(changes: Partial<ReplyIndex> = {}): ReplyIndex {
  return {
    format: 'tumen-replies',
    version: 1,
    day: '2027-03-01',
    seq: 7,
    reads: 2,
    keyring: { sha256: hex64('a'), issued: '2027-02-01', older: [hex64('b')] },
    organisation: null,
    closed: [],
    drops: [],
    ...changes,
  }
}
