import { byUrgency } from '../view/urgency.ts'
import { chooseVisible } from './cases.ts'
import { holdsText } from './dialogs.ts'
import type { DeskEvent, Effect, Key } from './events.ts'
import { reduceDialog, pasteIntoDialog } from './reduce-dialog.ts'
import { reduceList, settle, typeSearch } from './reduce-list.ts'
import { pickAnswer } from './reply-dialogs.ts'
import { reduceSheet } from './reduce-sheet.ts'
import type { DeskState, Step } from './state.ts'
import { isTooSmall, selectedView } from './state.ts'

/** Tiers change with time, so a desk that stays open reads the casebook again after this long. */
const staleAfterMs = 15 * 60_000

/**
 * The next state of the desk after an event, and the effect to perform. Pure. While a change is
 * being saved (`pending`), keys do nothing.
 */
export function reduce(state: DeskState, event: DeskEvent): Step {
  switch (event.kind) {
    case 'key':
      return reduceKey(state, event)
    case 'paste':
      return stay(state.pending === null && !isTooSmall(state) ? paste(state, event.text) : state)
    case 'resize':
      return stay(settle({ ...state, columns: event.columns, rows: event.rows }))
    case 'tick':
      return tick({ ...state, now: event.now })
    case 'loaded':
      return stay({ ...takeViews(state, event), message: '' })
    case 'saved':
      return stay(takeSaved(state, event))
    case 'answer-prepared':
      return stay(takePrepared(state, event))
    case 'failed':
      return stay(takeFailure(state, event.why))
  }
}

const stay = (state: DeskState): Step => ({ state, effects: [] })
const want = (state: DeskState, effect: Effect): Step => ({ state, effects: [effect] })

function reduceKey(state: DeskState, key: Key): Step {
  if (key.name === 'ctrl-z') return want(state, { kind: 'suspend' })
  if (state.pending !== null) return stay(state)
  if (key.name === 'ctrl-c') return leave(state)
  if (isTooSmall(state) && state.dialog?.kind !== 'confirm') return stay(state)
  if (state.dialog !== null) return reduceDialog(state, state.dialog, key)
  return state.screen === 'list' ? reduceList(state, key) : reduceSheet(state, key)
}

/**
 * Leaves the desk on Ctrl-C. If that would lose text, the first Ctrl-C asks and the second leaves.
 */
function leave(state: DeskState): Step {
  const { dialog } = state
  if (dialog?.kind !== 'write' || !holdsText(dialog)) return want(state, { kind: 'quit' })
  return stay({ ...state, dialog: { kind: 'confirm', over: dialog, leaves: true } })
}

function paste(state: DeskState, text: string): DeskState {
  if (state.dialog !== null) return pasteIntoDialog(state, state.dialog, text)
  return state.screen === 'list' && state.isSearching
    ? typeSearch(state, text.replace(/\s+/gu, ' '))
    : state
}

function tick(state: DeskState): Step {
  const isIdle = state.dialog === null && state.pending === null
  if (!isIdle || state.now - state.loadedAt < staleAfterMs) return stay(state)
  // The time is set before the answer, so that a failed reload is not repeated at every tick.
  return want({ ...state, loadedAt: state.now }, { kind: 'reload' })
}

function takeViews(
  state: DeskState,
  { views, now }: Extract<DeskEvent, { kind: 'loaded' | 'saved' }>,
): DeskState {
  const at = state.visible.findIndex(({ receipt }) => receipt === state.selected)
  const ordered = { ...state, views: views.toSorted(byUrgency), now, loadedAt: now }
  const visible = chooseVisible(ordered)
  const isThere = ordered.views.some(({ receipt }) => receipt === state.selected)
  const next = visible[Math.min(Math.max(at, 0), visible.length - 1)]
  return settle({
    ...ordered,
    visible,
    selected: isThere ? state.selected : (next?.receipt ?? null),
  })
}

function takeSaved(state: DeskState, event: Extract<DeskEvent, { kind: 'saved' }>): DeskState {
  const { pending } = state
  const undone = pending?.undo === null ? state.undo.slice(0, -1) : state.undo
  const undo = pending === null || pending.undo === null ? undone : [...undone, pending.undo]
  return {
    ...takeViews(state, event),
    pending: null,
    dialog: null,
    undo,
    message: pending === null ? '' : `saved: ${pending.label}`,
  }
}

function takePrepared(
  state: DeskState,
  { receipt, answer }: Extract<DeskEvent, { kind: 'answer-prepared' }>,
): DeskState {
  const view = selectedView(state)
  if (view === null || view.receipt !== receipt) return state
  const { id, language, texts } = answer
  return { ...state, dialog: pickAnswer(view, { id, language, text: '', asks: [] }, texts) }
}

/** Shows the failure; typed text stays in its dialog. */
function takeFailure(state: DeskState, why: string): DeskState {
  const { dialog } = state
  if (dialog === null || dialog.kind === 'help' || dialog.kind === 'confirm')
    return { ...state, pending: null, message: `NOT done: ${why}` }
  return { ...state, pending: null, dialog: { ...dialog, problem: why } }
}
