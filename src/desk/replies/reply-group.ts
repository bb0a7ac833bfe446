import type { Reply } from '../../tip/thread.ts'
import type { CaseView, ReplyTo } from '../files/case-view.ts'

export interface TipGroups {
  /** The words that the tip was sent with. */
  reply: ReplyTo | null
  /** New words that replace them from this tip on. */
  next: ReplyTo | null
}

/**
 * The reply groups of a tip as it arrived. A group that the check at the opening refused counts as
 * absent: no answer is possible to it.
 */
export function groupsOf({ original, opened }: CaseView): TipGroups {
  const isRefused = (code: string) => opened.problems.some((problem) => problem.code === code)
  return {
    reply: isRefused('REPLY_UNUSABLE') ? null : usable(original?.reply),
    next: isRefused('REPLY_NEXT_UNUSABLE') ? null : usable(original?.reply_next),
  }
}

/** The schema lets each field be left out; without one there is no way back. */
function usable(group: Reply | null | undefined): ReplyTo | null {
  const { recipient, tag_key: tagKey, language } = group ?? {}
  if (typeof recipient !== 'string' || typeof tagKey !== 'string') return null
  return { recipient, tag_key: tagKey, language: language ?? 'other' }
}

/** Two groups are one thread only if recipient and tag key are equal byte for byte. */
export function keyOfGroup({ recipient, tag_key }: ReplyTo): string {
  return `${recipient} ${tag_key}`
}
