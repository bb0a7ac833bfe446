import type { ChangeDraft } from '../casebook/append-changes.ts'
import type { CaseView } from '../files/case-view.ts'

/** A change as an analyst makes it; the store says when and by whom. */
export type DraftChange = Exclude<ChangeDraft, { kind: 'tier_reached' }>

/** The casebook, as the desk uses it. Errors are for people: their messages are shown. */
export interface DeskStore {
  load(): Promise<readonly CaseView[]>
  append(receipt: string, changes: readonly DraftChange[]): Promise<void>
  /** Checks the text first; null takes back what was set. */
  set(receipt: string, field: string, text: string | null): Promise<void>
}
