import type { ConsentLevel, ConsentRecipient } from '../../tip/consent.ts'
import type { Change, Tier } from '../files/case-file.ts'
import type { CaseState, CaseView } from '../files/case-view.ts'
import type { Searched } from '../search/query.ts'
import type { Effect } from './events.ts'
import type { DraftChange } from './store.ts'
import type { TextBuffer } from './text-buffer.ts'

export type Status = CaseState['status']
export type LinkKind = Extract<Change, { kind: 'link' }>['as']
export type ContactWay = Extract<Change, { kind: 'contact' }>['with']

/** One option of a list. `search` is what type-ahead looks in. */
export interface Option {
  readonly value: string
  readonly label: string
  readonly search: Searched
}

/** What is needed to write an answer, and what was chosen so far. */
export interface Answering {
  /** The answer's id, drawn before it is written: 32 hex digits. */
  readonly id: string
  readonly language: string
  readonly text: string
  readonly asks: readonly ConsentRecipient[]
}

/** A standard answer in the source's language. */
export interface StandardText {
  readonly name: string
  readonly text: string
}

/** What happens with the answer of a dialog. */
export type Purpose =
  | { readonly ask: 'field' }
  | { readonly ask: 'value'; readonly field: string }
  | { readonly ask: 'status' }
  | { readonly ask: 'wording' }
  | { readonly ask: 'note' }
  /** `answering` is null when no answer can be sent. */
  | {
      readonly ask: 'answer'
      readonly answering: Answering | null
      readonly texts: readonly StandardText[]
    }
  | { readonly ask: 'answer-text'; readonly answering: Answering }
  | { readonly ask: 'answer-asks'; readonly answering: Answering }
  | { readonly ask: 'answer-warned'; readonly answering: Answering }
  | { readonly ask: 'answer-control' }
  | { readonly ask: 'link-case' }
  | { readonly ask: 'link-kind'; readonly to: string }
  | { readonly ask: 'consent-recipient' }
  | { readonly ask: 'consent-level'; readonly recipient: ConsentRecipient }
  | {
      readonly ask: 'consent-by'
      readonly recipient: ConsentRecipient
      readonly level: ConsentLevel
    }
  | { readonly ask: 'contact-way' }
  | { readonly ask: 'contact-text'; readonly way: ContactWay }
  | { readonly ask: 'contact-day'; readonly way: ContactWay; readonly text: string }

export interface PickDialog {
  readonly kind: 'pick'
  readonly purpose: Purpose
  readonly title: string
  readonly options: readonly Option[]
  readonly query: string
  readonly selected: number
  readonly problem: string | null
}

export interface WriteDialog {
  readonly kind: 'write'
  readonly purpose: Purpose
  readonly title: string
  /** What the person should know before typing. */
  readonly hint: string
  readonly isMultiline: boolean
  readonly maxCharacters: number
  readonly initial: string
  readonly buffer: TextBuffer
  readonly problem: string | null
}

export type Dialog =
  | PickDialog
  | WriteDialog
  | { readonly kind: 'help'; readonly scroll: number }
  /** Asks whether to lose the text in `over`; `leaves` says whether the whole desk is left. */
  | { readonly kind: 'confirm'; readonly over: WriteDialog; readonly leaves: boolean }

export interface UndoStep {
  readonly receipt: string
  readonly label: string
  readonly changes: readonly DraftChange[]
}

/** A change that is being saved to the casebook. */
export interface Pending {
  readonly label: string
  /** Null if the change itself is an undo. */
  readonly undo: UndoStep | null
}

export interface DeskState {
  readonly columns: number
  readonly rows: number
  readonly now: number
  readonly loadedAt: number
  readonly analyst: string
  /** All cases, sorted by urgency. */
  readonly views: readonly CaseView[]
  /** The views that pass the filters and the search. */
  readonly visible: readonly CaseView[]
  readonly tier: Tier | null
  readonly status: Status | null
  readonly search: TextBuffer
  readonly isSearching: boolean
  /** Receipt of the case under the cursor; unchanged when the order changes. */
  readonly selected: string | null
  /** The first row of the list that is shown. */
  readonly top: number
  readonly screen: 'list' | 'sheet'
  /** The first line of the sheet that is shown. */
  readonly scroll: number
  readonly dialog: Dialog | null
  readonly pending: Pending | null
  readonly undo: readonly UndoStep[]
  readonly message: string
}

export interface Step {
  readonly state: DeskState
  readonly effects: readonly Effect[]
}

export function startState(analyst: string, columns: number, rows: number): DeskState {
  return {
    columns,
    rows,
    now: 0,
    loadedAt: 0,
    analyst,
    views: [],
    visible: [],
    tier: null,
    status: null,
    search: { before: '', after: '' },
    isSearching: false,
    selected: null,
    top: 0,
    screen: 'list',
    scroll: 0,
    dialog: null,
    pending: null,
    undo: [],
    message: 'reading the casebook…',
  }
}

export const minColumns = 80
export const minRows = 24

/** The number of lines between the heading and the two lines at the bottom. */
export function bodyRows(state: Pick<DeskState, 'rows'>): number {
  return Math.max(1, state.rows - 4)
}

export function selectedView(state: DeskState): CaseView | null {
  return state.views.find(({ receipt }) => receipt === state.selected) ?? null
}

export function isTooSmall({ columns, rows }: Pick<DeskState, 'columns' | 'rows'>): boolean {
  return columns < minColumns || rows < minRows
}
