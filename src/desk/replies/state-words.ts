import type { Conversation, ConversationTip, SentMessage } from '../files/case-view.ts'

/** How far an answer has come, in words and with its days. */
export function stateInWords(message: SentMessage): string {
  const { state, drops, isLost, answeredBy } = message
  const last = drops.at(-1)
  const published = drops.find((drop) => drop.published !== null)
  switch (state) {
    case 'written':
      return 'written; it waits for the next stick'
    case 'on_the_stick':
      return isLost
        ? `not published since the stick of ${last?.day}: it comes again with the next stick`
        : `on the stick of ${last?.day} (trip ${last?.trip}, drop ${last?.id.slice(0, 8)})`
    case 'published':
      return `published: the index of ${published?.published} names its drop ${published?.id.slice(0, 8)}`
    case 'answered':
      return `answered by ${answeredBy?.slice(0, 8)}`
    case 'closed':
      return 'the conversation ended before an answer came'
    case 'withdrawn':
      return drops.length === 0
        ? 'taken back'
        : `taken back; the stick of ${last?.day} had brought it`
  }
}

/** What is special about a tip in a conversation; empty for an ordinary first tip. */
export function tipInWords(tip: ConversationTip): string {
  return [
    tip.answers === null ? '' : `answers ${tip.answers.slice(0, 8)}`,
    tip.isFollowUp && tip.answers === null ? 'wrote more' : '',
    tip.closes ? 'ends the conversation' : '',
    tip.hasOldWords ? 'with words that the source had replaced before' : '',
  ]
    .filter((text) => text !== '')
    .join('; ')
}

export type ConversationEntry =
  | { at: string; tip: ConversationTip }
  | { at: string; message: SentMessage }

/** Tips and answers together, in the order in which they came about. */
export function entriesOf({ tips, messages }: Conversation): ConversationEntry[] {
  const entries: ConversationEntry[] = [
    ...tips.map((tip) => ({ at: tip.openedAt, tip })),
    ...messages.map((message) => ({ at: message.at, message })),
  ]
  return entries.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
}
