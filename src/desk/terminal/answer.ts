import { dayOfInstant } from '../../time/day.ts'
import { isEdtf } from '../../tip/edtf.ts'
import type { CaseView } from '../files/case-view.ts'
import { othersOfCase } from '../disclose/tips-of-case.ts'
import { confirmDraft } from '../disclose/wordings.ts'
import {
  allWordings,
  askValue,
  openWordings,
  pickLevel,
  pickLinkKind,
  takeBack,
  writeContactDay,
  writeGivenBy,
  writeContact,
} from './dialogs.ts'
import { fieldsOf } from './fields.ts'
import {
  answerAsks,
  answerControl,
  answerStart,
  answerWarned,
  answerWritten,
} from './reply-dialogs.ts'
import type {
  ContactWay,
  DeskState,
  Dialog,
  LinkKind,
  PickDialog,
  Step,
  WriteDialog,
} from './state.ts'
import type { ConsentLevel, ConsentRecipient } from '../../tip/consent.ts'
import type { DraftChange } from './store.ts'
import { textOf } from './text-buffer.ts'
import { invertDraft, invertSet } from './undo.ts'
import { count } from '../../text/count.ts'

const stay = (state: DeskState): Step => ({ state, effects: [] })
const show = (state: DeskState, dialog: Dialog): Step => stay({ ...state, dialog, message: '' })

/** Sends a change to the casebook; the dialog stays open until the casebook has stored it. */
export function save(state: DeskState, view: CaseView, draft: DraftChange, label: string): Step {
  const undo = { receipt: view.receipt, label, changes: [invertDraft(view, draft)] }
  return {
    state: { ...state, pending: { label, undo } },
    effects: [{ kind: 'save', receipt: view.receipt, changes: [draft] }],
  }
}

/** Sends the value that was chosen or typed for a field; the casebook checks it. */
export function setField(state: DeskState, view: CaseView, field: string, text: string): Step {
  const label = text === '' ? `${field}: taken back` : `${field} set`
  const undo = { receipt: view.receipt, label, changes: [invertSet(view, field)] }
  const effect = {
    kind: 'set',
    receipt: view.receipt,
    field,
    text: text === '' ? null : text,
  } as const
  return { state: { ...state, pending: { label, undo } }, effects: [effect] }
}

export function undoLast(state: DeskState): Step {
  const last = state.undo.at(-1)
  if (last === undefined)
    return stay({ ...state, message: 'nothing to take back: you changed nothing since you came' })
  const pending = { label: `taken back: ${last.label}`, undo: null }
  return {
    state: { ...state, pending },
    effects: [{ kind: 'save', receipt: last.receipt, changes: last.changes }],
  }
}

/**
 * Handles Enter in a list. The values come from our own lists, so the casts only restore their
 * types.
 */
export function answerPick(
  state: DeskState,
  view: CaseView,
  { purpose }: PickDialog,
  value: string,
): Step {
  switch (purpose.ask) {
    case 'field': {
      const field = fieldsOf(view).find(({ path }) => path === value)
      return field === undefined ? stay(state) : show(state, askValue(field))
    }
    case 'value':
      return setField(state, view, purpose.field, value === takeBack ? '' : value)
    case 'status':
      return setField(state, view, 'status', value)
    case 'answer':
      return answerStart(state, view, purpose, value)
    case 'answer-asks':
      return answerAsks(state, view, purpose.answering, value)
    case 'answer-warned':
      return answerWarned(state, view, purpose.answering, value)
    case 'wording':
      return confirmWording(state, view, value)
    case 'link-case':
      return show(state, pickLinkKind(value))
    case 'link-kind':
      return save(state, view, { kind: 'link', to: purpose.to, as: value as LinkKind }, 'link')
    case 'consent-recipient':
      return show(state, pickLevel(view, value as ConsentRecipient))
    case 'consent-level':
      return show(state, writeGivenBy(purpose.recipient, value as ConsentLevel))
    case 'contact-way':
      return show(state, writeContact(value as ContactWay))
    default:
      return stay(state)
  }
}

/** Confirms one wording, or all that were listed. */
function confirmWording(state: DeskState, view: CaseView, path: string): Step {
  const others = othersOfCase(state.views)(view)
  const drafts = openWordings(view, others)
    .filter((found) => path === allWordings || found.path === path)
    .map((found) => confirmDraft(view, others, found))
  if (drafts.length === 0) return stay({ ...state, dialog: null })
  const label = `${count(drafts.length, 'wording')} confirmed`
  const changes = drafts.map((draft) => invertDraft(view, draft))
  const undo = { receipt: view.receipt, label, changes }
  return {
    state: { ...state, pending: { label, undo } },
    effects: [{ kind: 'save', receipt: view.receipt, changes: drafts }],
  }
}

/** Handles Enter in a one-line field, or the save key in a longer text. */
export function answerText(state: DeskState, view: CaseView, dialog: WriteDialog): Step {
  const { purpose } = dialog
  const text = textOf(dialog.buffer).trim()
  const refuse = (problem: string): Step => stay({ ...state, dialog: { ...dialog, problem } })
  if (purpose.ask === 'value') return setField(state, view, purpose.field, text)
  if (text === '') return refuse('there is nothing to save yet: write something, or press Esc')
  switch (purpose.ask) {
    case 'answer-text':
      return answerWritten(state, dialog, purpose.answering, text)
    case 'answer-control':
      return answerControl(state, view, text)
    case 'note':
      return save(state, view, { kind: 'note', text }, 'note')
    case 'contact-text':
      return show(state, writeContactDay(purpose.way, text, midnightOf(state.now)))
    case 'contact-day': {
      if (!isEdtf(text))
        return refuse('not a date this reads; write 2017-11-04, 2017-11, or 2017-11-04~ for about')
      return save(
        state,
        view,
        { kind: 'contact', with: purpose.way, day: text, text: purpose.text },
        'contact entry',
      )
    }
    case 'consent-by': {
      const { recipient, level } = purpose
      return save(
        state,
        view,
        { kind: 'consent', recipient, level, given_by: text },
        `consent for ${recipient}`,
      )
    }
    default:
      return stay(state)
  }
}

function midnightOf(now: number): string {
  return dayOfInstant(new Date(now))
}
