import type { Language } from '../languages.ts'
import type { SealingErrorCode, SendingProgress, TrustedKeyring } from '../sealing/sealer.ts'
import type { RepliesState } from '../sealing/replies.ts'
import type { ReceiptState } from '../texts.ts'
import type { OrganisationFacts } from '../view/who.ts'
import type { VisitFacts } from '../view/tor-facts.ts'
import type { FileDraft, Draft, ListName } from './draft.ts'
import type { AllTexts } from './form-texts.ts'
import type { DraftAction } from './reduce-draft.ts'
import type { AppTexts, DeferredWords } from './speaking.ts'
import type { AnswersScreen, FollowUp, TwoWayActions, WordsCard } from './two-way-state.ts'
import type { PageWordList } from './word-lists/word-list.ts'

export type KeyringState =
  | { at: 'loading' }
  | { at: 'ready'; keyring: TrustedKeyring }
  | { at: 'failed'; code: SealingErrorCode }

export type Screen =
  | { at: 'form'; failure: SealingErrorCode | null }
  | {
      at: 'sending'
      progress: SendingProgress | null
      isPaused: boolean
      isAskingToCancel: boolean
    }
  | {
      at: 'receipt'
      receipt: string
      state: ReceiptState
      asking: null | 'asking' | 'unknown' | 'unreachable'
      isCopied: boolean
    }
  | AnswersScreen
  /** Everything was erased from memory and from the page. */
  | { at: 'cleared' }

/** The code and words loaded after the first paint, in the language of the form. */
export interface Deferred {
  code: typeof import('./deferred.ts')
  texts: AllTexts
  spoken: DeferredWords
  /** The words of the list that the page's language has. */
  list: PageWordList
}

export type Notice = 'language_failed' | 'too_many_files' | 'later_failed' | 'broken'

/** The whole state of the app. Every view is drawn from it alone. */
export interface AppState {
  texts: AppTexts
  draft: Draft
  keyring: KeyringState
  screen: Screen
  notice: Notice | null
  /** Send was pressed at least once: from then on problems are shown. */
  hasTried: boolean
  isMoreOpen: boolean
  /**
   * Send was pressed without a choice of consent, and the question was pointed out. It is asked
   * once: the next press sends, and staff ask first.
   */
  isAskingConsent: boolean
  /** The keys of the files that Send has asked about because they could not be cleaned. */
  askedFiles: readonly number[]
  deferred: Deferred | 'loading' | 'failed'
  address: VisitFacts['address']
  /** The server's instructions for sending without scripts, if the page has them. */
  ways?: Element | null
  /** What is known about answers in general. */
  replies: RepliesState
  /** The words on the receipt screen; null before a tip was sent. */
  words: WordsCard | null
  /** Whether the sealer knows the thread of this visit's words. */
  hasThread: boolean
  /** What makes the message in the form a follow-up; null for a first one. */
  followUp: FollowUp | null
  /** Whether this is a demo: taken from the server's page until the keyring has been checked. */
  isDemo: boolean
  organisation: OrganisationFacts | null
  /** What screen readers announce through the live region. */
  spoken: string
}

/** The actions that views can trigger. */
export interface Actions {
  act(action: DraftAction): void
  remove(list: ListName, key: number): void
  undo: () => void
  addBlank(list: 'persons' | 'transfers'): void
  addFiles(files: Iterable<File>): void
  setWish(key: number, wish: FileDraft['wish']): void
  openMore(isOpen: boolean): void
  /** Removes a file that cannot be read and sends the rest. */
  sendWithout(key: number): void
  retryKeyring: () => void
  retryDeferred: () => void
  send: () => void
  pause: () => void
  resume: () => void
  askToCancel(isAsking: boolean): void
  cancel: () => void
  askReceipt: () => void
  copyReceipt: () => void
  openAnswers: () => void
  /** Null until everything has been loaded. */
  readonly twoWay: TwoWayActions | null
  clear: () => void
  /** @param rest the language for the parts that `language` does not have */
  speak: (language: Language, rest?: Language) => void
  /** Moves the focus to a field, from the list of problems. */
  goTo(field: string): void
  leave: () => void
}

export interface View {
  state: AppState
  actions: Actions
}

/** What views need that are shown only after everything has been loaded. */
export interface DeferredView extends View {
  texts: AllTexts
  spoken: DeferredWords
  twoWay: TwoWayActions
}

export const isDemo = ({ keyring, isDemo }: AppState): boolean =>
  keyring.at === 'ready' ? keyring.keyring.isDemo : isDemo

/**
 * The words for a failure. Failures of sending have words that were loaded before sending could
 * start.
 */
export function failureText({ texts, deferred }: AppState, code: SealingErrorCode): string {
  const failures: Partial<Record<SealingErrorCode, string>> =
    typeof deferred === 'string' ? texts.form.failures : deferred.texts.failures
  return failures[code] ?? texts.form.broken
}
