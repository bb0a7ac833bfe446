import { caseStatuses, tiers } from '../files/case-file.ts'
import { chooseVisible } from './cases.ts'
import type { Key } from './events.ts'
import { commandOf } from './events.ts'
import type { DeskState, Step } from './state.ts'
import { bodyRows } from './state.ts'
import { editBuffer, emptyBuffer, insert, textOf } from './text-buffer.ts'

const maxSearchCharacters = 100
const stay = (state: DeskState): Step => ({ state, effects: [] })

export function reduceList(state: DeskState, key: Key): Step {
  const moved = moveSelection(state, key.name)
  if (moved !== null) return stay(moved)
  if (key.name === 'return')
    return stay(state.isSearching ? { ...state, isSearching: false } : openSheet(state))
  if (key.name === 'escape')
    return stay(choose({ ...state, search: emptyBuffer, isSearching: false }))
  if (state.isSearching) return stay(editSearch(state, key))
  return command({ ...state, message: '' }, commandOf(key))
}

function command(state: DeskState, name: string): Step {
  switch (name) {
    case '/':
      return stay({ ...state, isSearching: true })
    case 't':
      return stay(choose({ ...state, tier: nextOf(tiers, state.tier) }))
    case 's':
      return stay(choose({ ...state, status: nextOf(caseStatuses, state.status) }))
    case 'r':
      return {
        state: { ...state, message: 'reading the casebook…' },
        effects: [{ kind: 'reload' }],
      }
    case '?':
      return stay({ ...state, dialog: { kind: 'help', scroll: 0 } })
    case 'q':
      return { state, effects: [{ kind: 'quit' }] }
    default:
      return stay(state)
  }
}

/** The next filter value: no filter, then each value in turn, then no filter again. */
function nextOf<Value>(values: readonly Value[], value: Value | null): Value | null {
  return values[value === null ? 0 : values.indexOf(value) + 1] ?? null
}

function openSheet(state: DeskState): DeskState {
  const isVisible = state.visible.some(({ receipt }) => receipt === state.selected)
  return isVisible ? { ...state, screen: 'sheet', scroll: 0, message: '' } : state
}

function editSearch(state: DeskState, key: Key): DeskState {
  if (key.text !== '') return typeSearch(state, key.text)
  const search = editBuffer(state.search, key.name)
  return search === null ? state : choose({ ...state, search })
}

/** Appends typed text to the search. */
export function typeSearch(state: DeskState, typed: string): DeskState {
  return choose({ ...state, search: insert(state.search, typed, maxSearchCharacters) })
}

/** Applies the filters again; the cursor stays on its case if that is still in the list. */
function choose(state: DeskState): DeskState {
  return settle({ ...state, visible: chooseVisible(state) })
}

/** Keeps the cursor on a case of the list, and scrolls the list so that the cursor is visible. */
export function settle(state: DeskState): DeskState {
  const rows = bodyRows(state)
  const at = state.visible.findIndex(({ receipt }) => receipt === state.selected)
  // An open sheet stays open even if its case no longer passes the filter.
  const isKept = at >= 0 || (state.screen === 'sheet' && state.selected !== null)
  const selected = isKept ? state.selected : (state.visible[0]?.receipt ?? null)
  const row = Math.max(0, at)
  const top = Math.max(0, Math.min(state.top, row, state.visible.length - rows), row - rows + 1)
  return { ...state, selected, top }
}

function moveSelection(state: DeskState, name: string): DeskState | null {
  const isTyping = state.isSearching && textOf(state.search) !== ''
  const at = state.visible.findIndex(({ receipt }) => receipt === state.selected)
  const to = targetOf(name, at, state.visible.length - 1, bodyRows(state))
  if (to === null || (isTyping && (name === 'home' || name === 'end'))) return null
  const view = state.visible[Math.max(0, Math.min(to, state.visible.length - 1))]
  return view === undefined ? state : settle({ ...state, selected: view.receipt, message: '' })
}

/**
 * The position that a navigation key leads to, before it is limited to the list; null for other
 * keys.
 */
export function targetOf(name: string, at: number, last: number, page: number): number | null {
  switch (name) {
    case 'up':
      return at - 1
    case 'down':
      return at + 1
    case 'pageup':
      return at - page
    case 'pagedown':
      return at + page
    case 'home':
      return 0
    case 'end':
      return last
    default:
      return null
  }
}
