import type { JudgedKeys } from '../../replies/judge-index.ts'
import type { Day } from '../../time/day.ts'
import type { consentRecipients } from '../../tip/codes.ts'

/** How many of the drops that the indexes name have arrived. */
export interface DropsCome {
  readonly come: number
  readonly total: number
  /** Whether all drops of the first bundle have arrived. */
  readonly isNewestCome: boolean
}

/** What is known about answers in general. None of it depends on any words. */
export interface RepliesState {
  /** What the indexes, which staff sign, say about the keyring that is served. */
  readonly keys: JudgedKeys
  /** Whether the indexes have been asked for, so that `keys` means something. */
  readonly isJudged: boolean
  /** The day of the newest valid index; null if there is none. */
  readonly lastDay: Day | null
  /**
   * Whether every desk reads tips with words. Otherwise words must not be made: a desk of an older
   * version would ignore them.
   */
  readonly canAnswer: boolean
  readonly drops: DropsCome
  /** `failed`: the answers could not be fetched. */
  readonly fetching: 'waiting' | 'running' | 'done' | 'failed'
  /** How many days back the loaded drops reach. */
  readonly days: number
}

export const noReplies: RepliesState = {
  keys: { state: 'unknown', day: null },
  isJudged: false,
  lastDay: null,
  canAnswer: false,
  drops: { come: 0, total: 0, isNewestCome: false },
  fetching: 'waiting',
  days: 0,
}

export type Ask = (typeof consentRecipients)[number]

/** One answer, put together from its parts. */
export interface Answer {
  /** 32 hex digits. */
  readonly id: string
  readonly day: Day
  /** Plain text, written by whoever has the desk's key: it is only ever shown as text. */
  readonly text: string
  readonly isWhole: boolean
  readonly asks: readonly Ask[]
}

/** Everything that the drops hold for one thread. */
export interface OpenedAnswers {
  /** Oldest first. */
  readonly answers: readonly Answer[]
  /** The first day on which an index says that staff have opened a tip of the thread, or null. */
  readonly openedOn: Day | null
  /** Whether there is an answer for these words that cannot be read. */
  readonly isSomeUnreadable: boolean
}

/**
 * The words of a tip: `new` ones, the `same` as those of the thread that is open, or `renewed`: the
 * tip belongs to the open thread and names the new words that replace it.
 */
export type WordsWish = 'new' | 'same' | 'renewed'

/** The words of a tip that was sent. */
export interface SentWords {
  /** `none`: no answer is possible here, and the tip says nothing about words. */
  readonly words: WordsWish | 'none'
  /** The positions of new words in the list, from 0; empty if there are none to show. */
  readonly indexes: readonly number[]
}
