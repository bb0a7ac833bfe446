import { consentLevels } from '../../tip/codes.ts'
import type { Consent } from '../../tip/consent.ts'
import type { Change } from '../files/case-file.ts'
import type {
  CaseView,
  Conversation,
  ConversationTip,
  MessageState,
  SentMessage,
} from '../files/case-view.ts'
import { consentOfThread } from './thread-consent.ts'
import type { Thread } from './threads.ts'
import { borrowedGroups, threadsOf } from './threads.ts'
import type { Trip, Trips } from '../files/trip.ts'
import { isUndelivered } from '../files/trip.ts'

type Reply = Extract<Change, { kind: 'reply' }>

/**
 * Adds to each view the conversation with its source, and the consent that its source gave over all
 * tips. Tips whose reply group cannot be used stay as they are.
 */
export function withConversations(views: readonly CaseView[], trips: Trips): CaseView[] {
  const changed = new Map<string, CaseView>()
  for (const thread of threadsOf(views)) {
    const { conversation, consent } = converse(thread, trips)
    for (const view of thread.views) changed.set(view.receipt, { ...view, conversation, consent })
  }
  const borrowed = borrowedGroups(views)
  return views.map((view) => {
    const known = changed.get(view.receipt) ?? view
    return borrowed.has(view.receipt) ? withProblem(known) : known
  })
}

function withProblem(view: CaseView): CaseView {
  const problem = {
    code: 'REPLY_BORROWED',
    detail:
      'its reply group has the recipient or the tag key of another source, but not both: it is another conversation; look at both tips before you answer',
  }
  return { ...view, opened: { ...view.opened, problems: [...view.opened.problems, problem] } }
}

function converse(
  thread: Thread,
  trips: Trips,
): { conversation: Conversation; consent: readonly Consent[] } {
  const replies = repliesOf(thread)
  const known = new Set(replies.map(({ reply }) => reply.id))
  const first = thread.views[0]?.opened.opened_at ?? ''
  const isFollowUp = (view: CaseView) =>
    view.opened.opened_at > first || known.has(view.original?.answers ?? '')
  const tips = thread.views.map((view) => tipOf(view, isFollowUp(view), thread.withOldWords))
  const closedBy = closingOf(thread, tips)
  const messages = replies.map((each) => messageOf(each, { trips, tips, closedBy, thread }))
  const { consent, proposals } = consentOfThread(thread, isFollowUp)
  const isDamaged = thread.views.some(({ opened }) =>
    opened.problems.some(({ code }) => code === 'CASE_DAMAGED' || code === 'CASE_NEWER'),
  )
  return {
    consent: isDamaged ? consent.map(cappedAtAsking) : consent,
    conversation: {
      replyTo: closedBy === null ? thread.replyTo : null,
      problem: closedBy === null ? null : `${closers[closedBy]} ended the conversation`,
      tips,
      messages,
      closedBy,
      proposals: isDamaged ? [] : proposals,
      hasAnswer: tips.some(
        (tip) => tip.isFollowUp && viewOf(thread, tip.receipt)?.state.status === 'new',
      ),
      wantsAnswer: closedBy === null && isSourceLast(tips, messages),
    },
  }
}

const closers = { desk: 'the desk', source: 'the source' }

function tipOf(
  view: CaseView,
  isFollowUp: boolean,
  withOldWords: ReadonlySet<string>,
): ConversationTip {
  const { receipt, id, opened, original } = view
  return {
    receipt,
    id,
    openedAt: opened.opened_at,
    isFollowUp,
    answers: original?.answers ?? null,
    closes: original?.close === true,
    hasOldWords: withOldWords.has(receipt),
  }
}

const viewOf = ({ views }: Thread, receipt: string) =>
  views.find((view) => view.receipt === receipt)

interface Written {
  receipt: string
  reply: Reply
  isWithdrawn: boolean
}

function repliesOf({ views }: Thread): Written[] {
  const changes = views.flatMap(({ receipt, changes: each }) =>
    each.map((change) => ({ receipt, change })),
  )
  const withdrawn = new Set(
    changes.flatMap(({ change }) => (change.kind === 'withdraw_reply' ? [change.id] : [])),
  )
  return changes
    .flatMap(({ receipt, change }) =>
      change.kind === 'reply'
        ? [{ receipt, reply: change, isWithdrawn: withdrawn.has(change.id) }]
        : [],
    )
    .sort((a, b) => (a.reply.at < b.reply.at ? -1 : a.reply.at > b.reply.at ? 1 : 0))
}

/** The source's latest tip counts, and the desk's latest decision. */
function closingOf({ views }: Thread, tips: readonly ConversationTip[]): Conversation['closedBy'] {
  const latest = tips.filter((tip) => !tip.hasOldWords || tip.closes).at(-1)?.openedAt
  if (tips.some(({ openedAt, closes }) => closes && openedAt === latest)) return 'source'
  const decisions = views
    .flatMap(({ changes }) => changes.filter((change) => change.kind === 'close_thread'))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return decisions.at(-1)?.closed === true ? 'desk' : null
}

function messageOf(
  { receipt, reply, isWithdrawn }: Written,
  facts: {
    trips: Trips
    tips: readonly ConversationTip[]
    closedBy: Conversation['closedBy']
    thread: Thread
  },
): SentMessage {
  const { trips, book } = facts.trips
  const carried = trips.filter(({ messages }) => messages.includes(reply.id))
  const publishedOn = ({ drop }: Trip) => book.published[drop] ?? null
  const isPublished = carried.some((trip) => publishedOn(trip) !== null)
  const answeredBy = facts.tips.find(({ answers }) => answers === reply.id)?.receipt ?? null
  const { at, by, id, language, text, asks } = reply
  return {
    id,
    receipt,
    at,
    by,
    language,
    text,
    asks,
    state: stateOfMessage({
      isWithdrawn,
      isAnswered: answeredBy !== null,
      isClosed: facts.closedBy !== null,
      isPublished,
      isCarried: carried.length > 0,
    }),
    drops: carried.map((trip) => ({
      id: trip.drop,
      trip: trip.number,
      day: trip.day,
      published: publishedOn(trip),
    })),
    isLost: isUndelivered(carried, book, book.trips + 1),
    answeredBy,
  }
}

function stateOfMessage(facts: {
  isWithdrawn: boolean
  isAnswered: boolean
  isClosed: boolean
  isPublished: boolean
  isCarried: boolean
}): MessageState {
  if (facts.isAnswered) return 'answered'
  if (facts.isWithdrawn) return 'withdrawn'
  if (facts.isClosed) return 'closed'
  if (facts.isPublished) return 'published'
  return facts.isCarried ? 'on_the_stick' : 'written'
}

function isSourceLast(tips: readonly ConversationTip[], messages: readonly SentMessage[]): boolean {
  const lastTip = tips.filter(({ hasOldWords }) => !hasOldWords).at(-1)?.openedAt ?? ''
  const lastAnswer = messages.filter(({ state }) => state !== 'withdrawn').at(-1)?.at ?? ''
  return lastTip > lastAnswer
}

function cappedAtAsking({ recipient, level }: Consent): Consent {
  const isWider = consentLevels.indexOf(level) > consentLevels.indexOf('ask_first')
  return { recipient, level: isWider ? 'ask_first' : level }
}
