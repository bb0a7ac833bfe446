import { noblePrimitives } from '../../age/noble.ts'
import { drawThreadSecret } from '../../thread/draw-secret.ts'
import type { ReplyLanguage } from '../../thread/reply-group.ts'
import type { Thread } from '../../thread/thread.ts'
import { deriveThread, replyGroupOf, wipeThread } from '../../thread/thread.ts'
import { wordIndexesOf } from '../../thread/word-indexes.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { SentWords, WordsWish } from './replies.ts'

/** A tip with its fields for answers, and the thread to answer to. */
export interface PreparedTip {
  tip: DetentionTip
  sent: SentWords
  /** The thread that the words belong to once the tip has arrived. */
  thread: Thread | null
}

/**
 * Adds what an answer needs. A follow-up belongs to the thread that is open.
 * @param options.canAnswer whether new words may be made
 */
export function prepareTip(options: {
  tip: DetentionTip
  wish: WordsWish
  open: Thread | null
  canAnswer: boolean
  language: ReplyLanguage
}): PreparedTip {
  const { tip, wish, open, canAnswer, language } = options
  const fresh = canAnswer && (open === null || wish !== 'same') ? drawThread() : null
  if (open === null || wish === 'new') {
    if (fresh === null) return { tip, sent: { words: 'none', indexes: [] }, thread: null }
    return {
      tip: { ...tip, reply: replyGroupOf(fresh, language) },
      sent: { words: 'new', indexes: wordIndexesOf(fresh.secret) },
      thread: fresh,
    }
  }
  const followUp = { ...tip, reply: replyGroupOf(open, language) }
  if (fresh === null) return { tip: followUp, sent: { words: 'same', indexes: [] }, thread: open }
  return {
    tip: { ...followUp, reply_next: replyGroupOf(fresh, language) },
    sent: { words: 'renewed', indexes: wordIndexesOf(fresh.secret) },
    thread: fresh,
  }
}

/** The thread of words that a person has entered. Wipes the secret it is given. */
export function threadOf(secret: Uint8Array): Thread {
  try {
    return deriveThread(noblePrimitives, secret.slice())
  } finally {
    secret.fill(0)
  }
}

export { wipeThread }

function drawThread(): Thread {
  return deriveThread(noblePrimitives, drawThreadSecret(noblePrimitives))
}
