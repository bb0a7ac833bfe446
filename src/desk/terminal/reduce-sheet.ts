import { othersOfCase } from '../disclose/tips-of-case.ts'
import type { CaseView } from '../files/case-view.ts'
import { setField, undoLast } from './answer.ts'
import { byUrgency } from '../view/urgency.ts'
import {
  pickCase,
  pickContactWay,
  pickField,
  pickRecipient,
  pickStatus,
  pickWording,
  writeNote,
} from './dialogs.ts'
import type { Key } from './events.ts'
import { commandOf } from './events.ts'
import { settle, targetOf } from './reduce-list.ts'
import { pickAnswer } from './reply-dialogs.ts'
import { sheetLines } from './sheet-lines.ts'
import type { DeskState, Dialog, Step } from './state.ts'
import { bodyRows, selectedView } from './state.ts'

const stay = (state: DeskState): Step => ({ state, effects: [] })

export function reduceSheet(before: DeskState, key: Key): Step {
  const view = selectedView(before)
  const state = { ...before, message: '' }
  if (view === null) return stay(toList(state))
  const command = commandOf(key)
  const last = lastScroll(state, view)
  const to = targetOf(
    command === ' ' ? 'pagedown' : key.name,
    Math.min(state.scroll, last),
    last,
    bodyRows(state) - 1,
  )
  if (to !== null) return stay({ ...state, scroll: Math.max(0, Math.min(to, last)) })
  const dialog = dialogFor(state, view, command)
  if (dialog !== null) return stay({ ...state, dialog })
  switch (command) {
    case 'n':
      return stay(neighbour(state, view, 1))
    case 'p':
      return stay(neighbour(state, view, -1))
    case 'm':
      return view.state.status === 'new'
        ? setField(state, view, 'status', 'read')
        : stay({ ...state, dialog: pickStatus(view) })
    case 'a':
      return startAnswer(state, view)
    case 'u':
      return undoLast(state)
    case 'r':
      return {
        state: { ...state, message: 'reading the casebook…' },
        effects: [{ kind: 'reload' }],
      }
    case 'q':
    case 'escape':
    case 'left':
      return stay(toList(state))
    default:
      return stay(before)
  }
}

/** Opens the dialogs of the conversation, or says why there is none. */
function startAnswer(state: DeskState, view: CaseView): Step {
  if (view.conversation === null)
    return stay({ ...state, message: 'this source kept no words: no answer can reach them' })
  return view.conversation.replyTo === null
    ? stay({ ...state, dialog: pickAnswer(view, null, []) })
    : { state, effects: [{ kind: 'prepare-answer', receipt: view.receipt }] }
}

function dialogFor(state: DeskState, view: CaseView, command: string): Dialog | null {
  switch (command) {
    case 'e':
      return pickField(view)
    case 'w':
      return pickWording(view, othersOfCase(state.views)(view))
    case 'o':
      return writeNote()
    case 'l':
      return pickCase(state.views, view)
    case 'c':
      return pickRecipient(view)
    case 'k':
      return pickContactWay()
    case '?':
      return { kind: 'help', scroll: 0 }
    default:
      return null
  }
}

function toList(state: DeskState): DeskState {
  return settle({ ...state, screen: 'list' })
}

export function lastScroll(state: DeskState, view: CaseView): number {
  return Math.max(0, sheetLines(view, state.columns).length - bodyRows(state))
}

/**
 * The next or previous case of the list; also works from a case that no longer passes the filter.
 */
function neighbour(state: DeskState, view: CaseView, by: 1 | -1): DeskState {
  const others = state.visible.filter(({ receipt }) => receipt !== view.receipt)
  const next =
    by > 0
      ? others.find((other) => byUrgency(other, view) > 0)
      : others.findLast((other) => byUrgency(other, view) < 0)
  if (next === undefined)
    return {
      ...state,
      message: by > 0 ? 'this is the last case of the list' : 'this is the first case of the list',
    }
  return settle({ ...state, selected: next.receipt, scroll: 0 })
}
