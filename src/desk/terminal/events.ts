import type { CaseView } from '../files/case-view.ts'
import type { DraftChange, PreparedAnswer } from './store.ts'

/**
 * One key press. `name` is set for keys that type nothing (`up`, `return`, `ctrl-d`); `text` is
 * what other keys type.
 */
export interface Key {
  readonly kind: 'key'
  readonly name: string
  readonly text: string
}

/** All events that the desk handles. */
export type DeskEvent =
  | Key
  /** Pasted text. It is inserted into the text being typed, and never taken for commands. */
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'loaded'; readonly views: readonly CaseView[]; readonly now: number }
  | { readonly kind: 'saved'; readonly views: readonly CaseView[]; readonly now: number }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'answer-prepared'; readonly receipt: string; readonly answer: PreparedAnswer }

/**
 * An action that the desk requests. `save` and `set` are answered by `saved` or `failed`, `reload`
 * by `loaded` or `failed`.
 */
export type Effect =
  | { readonly kind: 'save'; readonly receipt: string; readonly changes: readonly DraftChange[] }
  | {
      readonly kind: 'set'
      readonly receipt: string
      readonly field: string
      readonly text: string | null
    }
  | { readonly kind: 'reload' }
  /** Answered by `answer-prepared` or `failed`. */
  | { readonly kind: 'prepare-answer'; readonly receipt: string }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'quit' }

/**
 * Pairs of a Korean letter and the Latin letter on the same key, so that commands work without
 * switching the keyboard.
 */
const koreanLetters =
  'ㅂqㅈwㄷeㄱrㅅtㅛyㅕuㅑiㅐoㅔpㅁaㄴsㅇdㄹfㅎgㅗhㅓjㅏkㅣlㅋzㅌxㅊcㅍvㅠbㅜnㅡm'

/** The command of a key: its name, or the Latin letter printed on it. */
export function commandOf(key: Key): string {
  if (key.text === '') return key.name
  const at = koreanLetters.indexOf(key.text)
  return at >= 0 && at % 2 === 0 ? koreanLetters.charAt(at + 1) : key.text
}
