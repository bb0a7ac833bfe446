import type { CaseView, ReplyTo } from '../files/case-view.ts'
import { Union } from '../people/union.ts'
import { groupsOf, keyOfGroup } from './reply-group.ts'

/** The tips of one source, in the order in which they were opened. */
export interface Thread {
  readonly views: readonly CaseView[]
  /** The words that are answered now: those that came last. */
  readonly replyTo: ReplyTo
  /** Receipts of tips that came with words after the source had replaced these. */
  readonly withOldWords: ReadonlySet<string>
}

/**
 * Groups tips that were sent with the same words, or with new words that an earlier tip announced
 * (`reply_next`). Tips without a usable reply group belong to no thread.
 */
export function threadsOf(views: readonly CaseView[]): Thread[] {
  const union = new Union()
  const keyed = views.filter((view) => {
    const { reply, next } = groupsOf(view)
    if (reply === null) return false
    union.join(view.receipt, `=${keyOfGroup(reply)}`)
    if (next !== null) union.join(view.receipt, `=${keyOfGroup(next)}`)
    return true
  })
  const groups = Map.groupBy(keyed, ({ receipt }) => union.find(receipt))
  return [...groups.values()].flatMap((group) => threadOf(group.toSorted(byOpening)) ?? [])
}

export function byOpening(one: CaseView, other: CaseView): number {
  const [a, b] = [one.opened.opened_at + one.receipt, other.opened.opened_at + other.receipt]
  return a < b ? -1 : a > b ? 1 : 0
}

function threadOf(views: readonly CaseView[]): Thread | null {
  const replaced = new Map<string, string>()
  const withOldWords = new Set<string>()
  let current: ReplyTo | null = null
  for (const view of views) {
    const { reply, next } = groupsOf(view)
    if (reply === null) continue
    current ??= reply
    const replacedAt = replaced.get(keyOfGroup(reply))
    // Somebody else may have the old words, so a tip that was sent with them changes nothing.
    if (replacedAt !== undefined && replacedAt < view.opened.opened_at)
      withOldWords.add(view.receipt)
    else if (next !== null && replacedAt === undefined && isNew(next, reply, replaced)) {
      replaced.set(keyOfGroup(reply), view.opened.opened_at)
      current = next
    }
  }
  return current === null ? null : { views, replyTo: current, withOldWords }
}

/** Words that were replaced once never come back. */
function isNew(next: ReplyTo, reply: ReplyTo, replaced: ReadonlyMap<string, string>): boolean {
  return keyOfGroup(next) !== keyOfGroup(reply) && !replaced.has(keyOfGroup(next))
}

/**
 * Tips whose reply group has half of another thread's: somebody knows that thread's recipient or
 * tag key, which only sealed tips and the words give. The tips that came first are not reported.
 */
export function borrowedGroups(views: readonly CaseView[]): ReadonlySet<string> {
  const stated = views.flatMap((view) => {
    const { reply, next } = groupsOf(view)
    return [reply, next].flatMap((group) => (group === null ? [] : [{ view, group }]))
  })
  const borrowed = new Set<string>()
  for (const half of ['recipient', 'tag_key'] as const)
    for (const sharing of Map.groupBy(stated, ({ group }) => group[half]).values()) {
      const first = sharing.map(({ view }) => view.opened.opened_at).toSorted()[0] ?? ''
      const firsts = sharing.filter(({ view }) => view.opened.opened_at === first)
      const known = new Set(firsts.map(({ group }) => keyOfGroup(group)))
      for (const { view, group } of sharing)
        if (known.size > 1 || !known.has(keyOfGroup(group))) borrowed.add(view.receipt)
    }
  return borrowed
}
