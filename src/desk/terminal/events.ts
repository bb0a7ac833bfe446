import type { CaseView } from '../files/case-view.ts'
import type { DraftChange } from './store.ts'

/**
 * One key: `name` for those that type nothing (`up`, `return`, `ctrl-d`), `text` for what the
 * others type.
 */
export interface Key {
  readonly kind: 'key'
  readonly name: string
  readonly text: string
}

/** All that can happen to the desk. */
export type DeskEvent =
  | Key
  /**
   * Text put in as a whole: it is typed where something is being typed, and never taken for
   * commands.
   */
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'loaded'; readonly views: readonly CaseView[]; readonly now: number }
  | { readonly kind: 'saved'; readonly views: readonly CaseView[]; readonly now: number }
  | { readonly kind: 'failed'; readonly why: string }

/**
 * What the desk wants done; `save` and `set` are answered by `saved` or `failed`, `reload` by
 * `loaded` or `failed`.
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
  | { readonly kind: 'suspend' }
  | { readonly kind: 'quit' }

/** The letters of the Korean keyboard: commands work without switching it. */
const koreanLetters =
  'ㅂqㅈwㄷeㄱrㅅtㅛyㅕuㅑiㅐoㅔpㅁaㄴsㅇdㄹfㅎgㅗhㅓjㅏkㅣlㅋzㅌxㅊcㅍvㅠbㅜnㅡm'

/** The command a key stands for: its name, or the Latin letter on it. */
export function commandOf(key: Key): string {
  if (key.text === '') return key.name
  const at = koreanLetters.indexOf(key.text)
  return at >= 0 && at % 2 === 0 ? koreanLetters.charAt(at + 1) : key.text
}
