import type { Primitives } from '../../age/primitives.ts'
import { checkReplyGroup } from '../../thread/reply-group.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { OpenedRecord } from '../files/opened-record.ts'

/**
 * What is wrong with the reply groups of a tip. Nothing is ever sealed to a group with a problem:
 * a point of low order or an invalid key could make answers readable for others.
 */
export function replyProblems(
  primitives: Pick<Primitives, 'x25519' | 'randomBytes'>,
  tip: DetentionTip | null,
): OpenedRecord['problems'] {
  return [
    ...problemOf(primitives, tip?.reply, 'REPLY_UNUSABLE', 'the source cannot be answered'),
    ...problemOf(primitives, tip?.reply_next, 'REPLY_NEXT_UNUSABLE', 'the new words do not count'),
  ]
}

function problemOf(
  primitives: Pick<Primitives, 'x25519' | 'randomBytes'>,
  group: unknown,
  code: string,
  means: string,
): OpenedRecord['problems'] {
  if (group === undefined || group === null) return []
  const checked = checkReplyGroup(primitives, group)
  return 'problem' in checked ? [{ code, detail: `${means}: ${checked.problem}` }] : []
}
