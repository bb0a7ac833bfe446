import { randomBytes } from 'node:crypto'
import type { Primitives } from '../../age/primitives.ts'
import type { ReplyAsk } from '../../replies/message-fields.ts'
import { splitMessage } from '../../replies/split-message.ts'
import { checkReplyGroup, tagKeyOf } from '../../thread/reply-group.ts'
import { threadIdOf } from '../../thread/thread.ts'
import type { ChangeDraft } from '../casebook/append-changes.ts'
import type { ReplyTo } from '../files/case-view.ts'
import { CasebookError } from '../files/errors.ts'

export interface DraftedReply {
  draft: Extract<ChangeDraft, { kind: 'reply' }>
  /** 32 hex digits. */
  thread: string
  parts: number
}

/**
 * Checks an answer and gives it an id.
 * @throws ReplyError `MESSAGE_TOO_LONG`, `MESSAGE_INVALID`; CasebookError `CHANGE_INVALID` when
 * nothing can be sealed to the source's reply group.
 */
export function draftReply(
  primitives: Primitives,
  { replyTo, text, asks }: { replyTo: ReplyTo; text: string; asks: readonly ReplyAsk[] },
): DraftedReply {
  const group = checkReplyGroup(primitives, replyTo)
  if ('problem' in group)
    throw new CasebookError(
      'CHANGE_INVALID',
      `nothing can be sent to this source: ${group.problem}`,
    )
  const parts = splitMessage(text, asks)
  return {
    draft: {
      kind: 'reply',
      id: randomBytes(16).toString('hex'),
      language: group.language,
      text,
      asks: [...asks],
    },
    thread: threadIdOf(primitives, { recipient: group.recipient, tagKey: tagKeyOf(group) }),
    parts: parts.length,
  }
}
