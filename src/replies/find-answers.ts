import type { Primitives } from '../age/primitives.ts'
import { hexOf } from '../age/hex.ts'
import type { Thread } from '../thread/thread.ts'
import type { Day } from '../time/day.ts'
import { dropsOf } from './believe-indexes.ts'
import type { Answer } from './collect-answers.ts'
import { collectAnswers } from './collect-answers.ts'
import { ReplyError } from './errors.ts'
import type { IndexedDrop, ReplyIndex } from './index-file.ts'
import type { ReplyMessage } from './message-fields.ts'
import { openDrop } from './open-drop.ts'

/** Drops that did not arrive, or not as the index describes them. They are left out. */
export type AnswerProblemCode = 'DROP_MISSING' | 'DROP_CHANGED' | 'DROP_INVALID' | 'SLOT_UNREADABLE'

export interface FoundAnswers {
  /** In the order of their days. */
  answers: Answer[]
  /** Days of the drops that say that staff have opened a tip of this thread, oldest first. */
  openedDays: Day[]
  /** Day of the oldest drop that was looked at, or null. */
  since: Day | null
  problems: { code: AnswerProblemCode; day: Day }[]
}

/**
 * Looks for a thread's answers. Only drops whose SHA-256 is in an index are examined.
 * @param options.indexes of signers in force: a result of `believeIndexes`.
 * @param options.dropWithId the bytes that were served under the id of a drop, or null.
 */
export async function findAnswers(
  primitives: Primitives,
  thread: Thread,
  options: {
    indexes: readonly ReplyIndex[]
    dropWithId: (id: string) => Uint8Array | null
  },
): Promise<FoundAnswers> {
  const { indexes, dropWithId } = options
  const found: FoundAnswers = { answers: [], openedDays: [], since: null, problems: [] }
  const messages: ReplyMessage[] = []
  const days = new Set<Day>()
  for (const drop of dropsOf(indexes)) {
    const report = (code: AnswerProblemCode) => found.problems.push({ code, day: drop.day })
    const bytes = dropWithId(drop.id)
    if (bytes === null) report('DROP_MISSING')
    else if (!isDrop(primitives, drop, bytes)) report('DROP_CHANGED')
    else {
      const opened = await openOrNull(primitives, thread, drop, bytes)
      if (opened === null) report('DROP_INVALID')
      else {
        found.since ??= drop.day
        messages.push(...opened.messages)
        if (opened.isOpened) days.add(drop.day)
        for (const _ of opened.problems) report('SLOT_UNREADABLE')
      }
    }
  }
  return { ...found, answers: collectAnswers(messages), openedDays: [...days] }
}

function isDrop(primitives: Primitives, drop: IndexedDrop, bytes: Uint8Array): boolean {
  return bytes.length === drop.bytes && hexOf(primitives.sha256(bytes)) === drop.sha256
}

async function openOrNull(
  primitives: Primitives,
  thread: Thread,
  { id }: IndexedDrop,
  bytes: Uint8Array,
): Promise<Awaited<ReturnType<typeof openDrop>> | null> {
  return await openDrop(primitives, thread, id, bytes).catch((error: unknown) => {
    if (error instanceof ReplyError) return null
    throw error
  })
}
