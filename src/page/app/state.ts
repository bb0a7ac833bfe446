import type { Language } from '../languages.ts'
import type { SealingErrorCode, SendingProgress, TrustedKeyring } from '../sealing/sealer.ts'
import type { ReceiptState } from '../texts.ts'
import type { VisitFacts } from '../view/tor-facts.ts'
import type { FileDraft, Draft, ListName } from './draft.ts'
import type { AllTexts } from './form-texts.ts'
import type { DraftAction } from './reduce-draft.ts'
import type { AppTexts, LaterPart } from './speaking.ts'

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
    }
  /** Nothing is left, neither in memory nor on the page. */
  | { at: 'cleared' }

/** What comes after the first paint: code, and words in the language of the form. */
export interface Later {
  code: typeof import('./later.ts')
  texts: AllTexts
  spoken: LaterPart
}

export type Notice = 'language_failed' | 'too_many_files' | 'later_failed' | 'broken'

/** All there is; every view is made from it alone. */
export interface AppState {
  texts: AppTexts
  draft: Draft
  keyring: KeyringState
  screen: Screen
  notice: Notice | null
  /** After a first Send: what is wrong is shown from then on. */
  hasTried: boolean
  isMoreOpen: boolean
  later: Later | 'loading' | 'failed'
  address: VisitFacts['address']
  /** As the page came from the server, until the keyring says it. */
  isDemo: boolean
  /** For screen readers, in the live region. */
  spoken: string
}

/** What views ask for. */
export interface Actions {
  act(action: DraftAction): void
  remove(list: ListName, key: number): void
  undo: () => void
  addBlank(list: 'persons' | 'transfers'): void
  addFiles(files: Iterable<File>): void
  setWish(key: number, wish: FileDraft['wish']): void
  openMore(isOpen: boolean): void
  /** Takes out a file that cannot be read, and sends the rest. */
  sendWithout(key: number): void
  retryKeyring: () => void
  retryLater: () => void
  send: () => void
  pause: () => void
  resume: () => void
  askToCancel(isAsking: boolean): void
  cancel: () => void
  askReceipt: () => void
  clear: () => void
  speak: (language: Language) => void
  /** To a field, from the list of what is wrong. */
  goTo(field: string): void
  leave: () => void
}

export interface View {
  state: AppState
  actions: Actions
}

/** Of what is only shown when all has come. */
export interface LaterView extends View {
  texts: AllTexts
  spoken: LaterPart
}

export const isDemo = ({ keyring, isDemo }: AppState): boolean =>
  keyring.at === 'ready' ? keyring.keyring.isDemo : isDemo

/** What only sending can come to is said in words that came before it could begin. */
export function failureText({ texts, later }: AppState, code: SealingErrorCode): string {
  const failures: Partial<Record<SealingErrorCode, string>> =
    typeof later === 'string' ? texts.form.failures : later.texts.failures
  return failures[code] ?? texts.form.broken
}
