import type { Primitives } from '../../age/primitives.ts'
import { checkReplyGroup, tagKeyOf } from '../../thread/reply-group.ts'
import type { ReplyGroup } from '../../thread/reply-group.ts'
import { openedTags } from '../../replies/bounds.ts'
import type { OutgoingMessage } from '../../replies/make-drop.ts'
import { splitMessage } from '../../replies/split-message.ts'
import type { CaseView, Conversation, SentMessage } from '../files/case-view.ts'
import type { Trips } from '../files/trip.ts'
import { isLostAt, isUndelivered, maxOpenedInTrip } from '../files/trip.ts'

/** A thread whose source learns that staff opened what they sent. */
export interface OpenedThread {
  tagKey: Uint8Array
  receipts: readonly string[]
}

export interface Outgoing {
  /** New and lost answers, oldest first; then repeats, those that were sent longest ago first. */
  messages: OutgoingMessage[]
  /** The threads that have waited longest, first; at most as many as one drop has room for. */
  opened: OpenedThread[]
  /** What is not sent, one sentence each. */
  problems: string[]
}

/**
 * Everything that waits for the next stick. Ended conversations and reply groups that nothing can
 * be sealed to are left out; each group is checked again, whatever the check at the opening said.
 */
export function collectOutgoing(work: {
  primitives: Primitives
  views: readonly CaseView[]
  trips: Trips
  /** Number of the trip. */
  next: number
  tellsOpened: boolean
}): Outgoing {
  const problems: string[] = []
  const threads = openThreads(work, problems)
  return {
    messages: threads
      .flatMap((thread) => messagesOf(thread, work))
      .sort(byWaiting)
      .map(({ out }) => out),
    opened: work.tellsOpened ? openedThreads(threads, work) : [],
    problems,
  }
}

interface OpenThread {
  conversation: Conversation
  views: readonly CaseView[]
  /** The checked group, or null if nothing can be sealed to it. Checked once, when it is needed. */
  group: () => ReplyGroup | null
}

function openThreads(
  { primitives, views }: { primitives: Primitives; views: readonly CaseView[] },
  problems: string[],
): OpenThread[] {
  const groups = Map.groupBy(
    views.filter(({ conversation }) => conversation !== null),
    ({ conversation }) => conversation?.tips[0]?.receipt,
  )
  return [...groups.values()].flatMap((tips) => {
    const conversation = tips[0]?.conversation ?? null
    if (conversation === null || conversation.replyTo === null) return []
    const { replyTo } = conversation
    let checked: ReturnType<typeof checkReplyGroup> | null = null
    const group = (): ReplyGroup | null => {
      const isFirst = checked === null
      checked ??= checkReplyGroup(primitives, replyTo)
      if (!('problem' in checked)) return checked
      if (isFirst)
        problems.push(`${tips[0]?.id}: nothing can be sent to this source: ${checked.problem}`)
      return null
    }
    return [{ conversation, views: tips, group }]
  })
}

interface Waiting {
  out: OutgoingMessage
  /** Repeats come after everything new. */
  lastTrip: number
  at: string
}

function messagesOf(
  { conversation, group: check }: OpenThread,
  { trips, next }: { trips: Trips; next: number },
): Waiting[] {
  const toSend = conversation.messages.filter(isToSend)
  const group = toSend.length === 0 ? null : check()
  if (group === null) return []
  return toSend.map((message) => {
    const carried = trips.trips.filter(({ messages }) => messages.includes(message.id))
    const isRepeat = carried.length > 0 && !isUndelivered(carried, trips.book, next)
    return {
      lastTrip: isRepeat ? (carried.at(-1)?.number ?? 0) : 0,
      at: message.at,
      out: {
        id: message.id,
        recipient: group.recipient,
        tagKey: tagKeyOf(group),
        day: message.at.slice(0, 10),
        language: group.language,
        parts: splitMessage(message.text, message.asks),
        asks: message.asks,
        isRepeat,
      },
    }
  })
}

function isToSend({ state }: SentMessage): boolean {
  return state === 'written' || state === 'on_the_stick' || state === 'published'
}

function byWaiting(one: Waiting, other: Waiting): number {
  return one.lastTrip - other.lastTrip || (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)
}

function openedThreads(
  threads: readonly OpenThread[],
  { trips, next }: { trips: Trips; next: number },
): OpenedThread[] {
  const told = new Set(
    trips.trips.filter((trip) => !isLostAt(trip, trips.book, next)).flatMap(({ opened }) => opened),
  )
  const waiting = threads
    .flatMap(({ views, group }) => {
      const read = views.filter(({ receipt, state }) => state.readAt !== null && !told.has(receipt))
      const since = read.map(({ state }) => state.readAt ?? '').toSorted()[0]
      return since === undefined ? [] : [{ since, group, read }]
    })
    .toSorted((one, other) => (one.since < other.since ? -1 : one.since > other.since ? 1 : 0))
  const opened: OpenedThread[] = []
  for (const { group: check, read } of waiting) {
    if (opened.length === openedTags) break
    const group = check()
    const receipts = read.map(({ receipt }) => receipt).slice(0, maxOpenedPerThread)
    if (group !== null) opened.push({ tagKey: tagKeyOf(group), receipts })
  }
  return opened
}

/** How many receipts of each thread fit into the record of a trip. */
const maxOpenedPerThread = Math.floor(maxOpenedInTrip / openedTags)
