import type { ChangeDraft } from '../casebook/append-changes.ts'
import type { CaseView } from '../files/case-view.ts'

/** A change as an analyst makes it; the store adds its time and author. */
export type DraftChange = Exclude<ChangeDraft, { kind: 'tier_reached' }>

export interface PreparedAnswer {
  readonly id: string
  readonly language: string
  readonly texts: readonly { readonly name: string; readonly text: string }[]
}

/** The casebook as the desk uses it. Messages of its errors are shown to the analyst. */
export interface DeskStore {
  load(): Promise<readonly CaseView[]>
  append(receipt: string, changes: readonly DraftChange[]): Promise<void>
  /**
   * What is needed to write an answer in the language of the source: a fresh id and the standard
   * answers. Throws if nothing can be sent to this source.
   */
  prepareAnswer(receipt: string): Promise<PreparedAnswer>
  /** Checks the text before storing it; null removes the value. */
  set(receipt: string, field: string, text: string | null): Promise<void>
}
