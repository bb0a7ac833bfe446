import type { ReplyLanguage } from '../thread/reply-group.ts'
import type { Day } from '../time/day.ts'
import type { ReplyAsk, ReplyMessage } from './message-fields.ts'

/** An answer, put together from its parts. */
export interface Answer {
  /** 32 hex digits: a follow-up names it in `answers`. */
  id: string
  day: Day
  language: ReplyLanguage
  /** Plain text: the parts that came, in order. */
  text: string
  /** Whether every part came. */
  isWhole: boolean
  asks: readonly ReplyAsk[]
}

/**
 * Puts answers together, in the order of their days. A part that comes again changes nothing: of
 * different parts with one id and number the first counts.
 * @param messages from the oldest drop to the newest.
 */
export function collectAnswers(messages: readonly ReplyMessage[]): Answer[] {
  const byId = new Map<string, ReplyMessage[]>()
  for (const message of messages) {
    const known = byId.get(message.id) ?? []
    const isNew = known.every(({ part }) => part !== message.part)
    if (isNew && known.every((other) => isSameAnswer(other, message)))
      byId.set(message.id, [...known, message])
  }
  const answers = [...byId.values()].map(answerOf)
  // The sort is stable: within a day the order of the drops stays.
  return answers.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

function isSameAnswer(a: ReplyMessage, b: ReplyMessage): boolean {
  return a.parts === b.parts && a.language === b.language && a.asks.join() === b.asks.join()
}

function answerOf(messages: readonly ReplyMessage[]): Answer {
  const parts = messages.toSorted((a, b) => a.part - b.part)
  const [first] = parts
  if (first === undefined) throw new RangeError('an answer has at least one part')
  const { id, day, language, asks } = first
  const text = parts.map((part) => part.text).join('')
  return { id, day, language, text, isWhole: parts.length === first.parts, asks }
}
