import type { Ask, OpenedAnswers, SentWords } from '../sealing/replies.ts'
import { notTapped, type Tapping } from './tapping.ts'
import type { PageWordList } from './word-lists/word-list.ts'

export const wordsPerThread = 12

export type ConsentAnswer = 'yes' | 'no' | 'not_yet'
export type ConsentAnswers = Readonly<Partial<Record<Ask, ConsentAnswer>>>

/** What makes the next message a follow-up: it belongs to the thread that is open. */
export interface FollowUp {
  /** The id of the answer that it replies to. */
  readonly answers: string | null
  readonly consent: ConsentAnswers
  readonly isClosing: boolean
  readonly isRenewing: boolean
}

export const plainFollowUp: FollowUp = {
  answers: null,
  consent: {},
  isClosing: false,
  isRenewing: false,
}

/** How many of the written-down words the person is asked to choose again. */
const wordsToCheck = 3

/** Words that are still on the page. They exist nowhere else, and are lost with it. */
export interface FreshWords {
  readonly list: PageWordList
  readonly words: readonly string[]
  readonly isRenewed: boolean
}

/** The part of the receipt screen that is about words. */
export type WordsCard =
  | { readonly at: 'impossible' | 'same' | 'skipped' | 'checked' }
  | { readonly at: 'shown'; readonly fresh: FreshWords }
  | {
      readonly at: 'checking'
      readonly fresh: FreshWords
      /** Positions still to be found, from 0. */
      readonly asked: readonly number[]
      readonly tapping: Tapping
      readonly isWrong: boolean
    }

export function cardOf({ words, indexes }: SentWords, list: PageWordList | null): WordsCard {
  if (words === 'same') return { at: 'same' }
  if (words === 'none' || list === null) return { at: 'impossible' }
  const shown = indexes.map((index) => list.table.words[index] ?? '')
  return { at: 'shown', fresh: { list, words: shown, isRenewed: words === 'renewed' } }
}

/** @param random a number from 0 to below 1 */
export function startChecking(fresh: FreshWords, random: () => number): WordsCard {
  const positions = fresh.words.map((_, position) => ({ position, place: random() }))
  const asked = positions
    .toSorted((a, b) => a.place - b.place)
    .slice(0, wordsToCheck)
    .map(({ position }) => position)
    .toSorted((a, b) => a - b)
  return { at: 'checking', fresh, asked, tapping: notTapped, isWrong: false }
}

export function chooseChecked(
  card: Extract<WordsCard, { at: 'checking' }>,
  word: string,
): WordsCard {
  const [position, ...rest] = card.asked
  const isRight = position !== undefined && card.fresh.words[position] === word
  if (isRight && rest.length === 0) return { at: 'checked' }
  return {
    ...card,
    asked: isRight ? rest : card.asked,
    tapping: notTapped,
    isWrong: !isRight,
  }
}

/** What is wrong with words that were entered. */
export interface EntryProblem {
  code: 'count' | 'unknown' | 'unknownSomewhere' | 'checksum'
  /** The position of the word from 1, or the number of words. */
  n: number
}

/** The words entered so far. */
export interface Entry {
  readonly words: readonly string[]
  readonly tapping: Tapping
  readonly isTyping: boolean
  readonly typed: string
  readonly problem: EntryProblem | null
}

export const emptyEntry: Entry = {
  words: [],
  tapping: notTapped,
  isTyping: false,
  typed: '',
  problem: null,
}

/** The actions of the receipt screen and of the answers, which are loaded after the first paint. */
export interface TwoWayActions {
  checkWords: () => void
  showWords: () => void
  skipWords: () => void
  tapChecked: (choice: string) => void
  backInCheck: () => void
  /** Opens the form for a message of the thread that is open, or a new one if there is none. */
  writeMore: () => void
  tap: (choice: string) => void
  back: () => void
  removeLast: () => void
  setTyping: (isTyping: boolean) => void
  typeWords: (text: string) => void
  look: () => void
  enterOtherWords: () => void
  fetchAgain: () => void
  /** Reads the answers from files, on a page without a network. */
  takeFiles: (files: readonly File[]) => void
  choose: (answer: string, ask: Ask, value: ConsentAnswer) => void
  /** Opens the form for a reply to this answer. */
  writeBack: (answer: string) => void
  renew: () => void
  close: () => void
}

/** The screen on which answers are read. */
export interface AnswersScreen {
  readonly at: 'answers'
  readonly entry: Entry
  readonly isLooking: boolean
  /** Null until twelve right words have been entered. */
  readonly opened: OpenedAnswers | null
  /** What was chosen below each answer, by its id. */
  readonly consent: Readonly<Record<string, ConsentAnswers>>
}

export const emptyAnswers: AnswersScreen = {
  at: 'answers',
  entry: emptyEntry,
  isLooking: false,
  opened: null,
  consent: {},
}
