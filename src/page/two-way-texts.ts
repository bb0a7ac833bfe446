import type { consentRecipients } from '../tip/codes.ts'
/** Lines of text with one idea each. */
type Lines = readonly string[]

type Labels<Codes extends readonly string[]> = Readonly<Record<Codes[number], string>>

/** The words for the twelve words that are shown next to a receipt. */
export interface WordsTexts {
  happensHeading: string
  happens: Lines
  heading: string
  main: string
  once: string
  safe: string
  /** Shown where the words are not in the language of the page. */
  english: string
  without: string
  written: string
  skip: string
  checkHeading: string
  /** Contains `{n}`. */
  checkAsk: string
  /** Contains `{n}`. */
  checkWrong: string
  showAgain: string
  checked: string
  skipped: string
  same: string
  renewed: string
  /**
   * Shown with the question of consent while nobody here can answer, so that nobody can be asked.
   */
  unanswered: Readonly<Record<'ask_me' | 'unchosen', string>>
  impossible: string
  more: string
  copyReceipt: string
  copied: string
}

/** Texts for choosing twelve words by tapping, starting with their first letters. */
export interface TapTexts {
  /** Contains `{n}` and `{question}`, which is one of the next three. */
  word: string
  letter: string
  start: string
  which: string
  back: string
  removeLast: string
  /** Contains `{n}`. */
  entered: string
}

/** Its own group, so that every language has it: a desk in the wrong hands cannot take it away. */
export interface WarningTexts {
  /** Stands under every answer. */
  answer: string
}

export interface AnswersTexts {
  heading: string
  label: string
  hint: string
  /** Says that words are looked up in the list of the page's language. */
  otherLanguage: string
  privacy: string
  tap: TapTexts
  typing: Readonly<Record<'open' | 'close' | 'risk' | 'label', string>>
  look: string
  busy: string
  /** Shown before it is known how many there are. */
  awaited: string
  /** Contains `{done}` and `{total}`. */
  arriving: string
  /** The newest answers are here, and older ones follow. Contains `{done}` and `{total}`. */
  older: string
  problems: Readonly<Record<'count' | 'unknown' | 'unknownSomewhere' | 'checksum', string>>
  /** Contains `{n}`: the number of days that the fetched answers cover. */
  nothingFound: string
  /** The index of staff names no drop at all. */
  nobodyYet: string
  nothingNew: string
  /** Contains `{day}`. */
  life: string
  /** Contains `{day}`. */
  opened: string
  /** Contains `{day}`. */
  answerOf: string
  partMissing: string
  unreadable: string
  asks: string
  ask: Labels<typeof consentRecipients>
  unMeans: string
  consent: Readonly<Record<'yes' | 'no' | 'not_yet', string>>
  reply: string
  writeMore: string
  renew: string
  close: string
  closeMeans: string
  lookAgain: string
  otherWords: string
  kept: string
  noIndex: string
  replayed: string
  failed: string
  again: string
  file: string
  followUp: Readonly<
    Record<
      | 'heading'
      | 'intro'
      | 'consented'
      | 'renewing'
      | 'closing'
      | 'narrative'
      | 'mayBeEmpty'
      | 'onlyAnswers',
      string
    >
  >
  /** Contains `{link}`: the words of the link to the answers. */
  safest: { heading: string; lines: Lines; fetch: string; offline: string; command: string }
}
