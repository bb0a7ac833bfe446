import { answerPick, answerText } from './answer.ts'
import { holdsText, matchingOptions } from './dialogs.ts'
import type { Key } from './events.ts'
import { commandOf } from './events.ts'
import { targetOf } from './reduce-list.ts'
import type { DeskState, Dialog, PickDialog, Step, WriteDialog } from './state.ts'
import { selectedView } from './state.ts'
import { editBuffer, insert } from './text-buffer.ts'

const maxQueryCharacters = 100
/** Rows that PgUp and PgDn move by in a list. */
const pickPage = 10
const stay = (state: DeskState): Step => ({ state, effects: [] })

export function reduceDialog(state: DeskState, dialog: Dialog, key: Key): Step {
  switch (dialog.kind) {
    case 'help':
      return stay({ ...state, dialog: null })
    case 'confirm':
      return confirm(state, dialog, key)
    case 'pick':
      return pick(state, dialog, key)
    case 'write':
      return write(state, dialog, key)
  }
}

function confirm(state: DeskState, dialog: Extract<Dialog, { kind: 'confirm' }>, key: Key): Step {
  if (commandOf(key) !== 'y') return stay({ ...state, dialog: dialog.over })
  const without: DeskState = { ...state, dialog: null, message: 'not saved' }
  return dialog.leaves ? { state: without, effects: [{ kind: 'quit' }] } : stay(without)
}

function pick(state: DeskState, dialog: PickDialog, key: Key): Step {
  const matching = matchingOptions(dialog)
  if (key.name === 'escape') return stay({ ...state, dialog: null })
  if (key.name === 'return') {
    const [view, chosen] = [selectedView(state), matching[dialog.selected]]
    return view === null || chosen === undefined
      ? stay(state)
      : answerPick(state, view, dialog, chosen.value)
  }
  const to = targetOf(key.name, dialog.selected, matching.length - 1, pickPage)
  if (to !== null)
    return stay({
      ...state,
      dialog: {
        ...dialog,
        selected: Math.max(0, Math.min(to, matching.length - 1)),
        problem: null,
      },
    })
  if (key.name === 'backspace')
    return stay({
      ...state,
      dialog: search(dialog, Array.from(dialog.query).slice(0, -1).join('')),
    })
  return stay(
    key.text === '' ? state : { ...state, dialog: search(dialog, dialog.query + key.text) },
  )
}

function search(dialog: PickDialog, query: string): PickDialog {
  return query.length > maxQueryCharacters
    ? dialog
    : { ...dialog, query, selected: 0, problem: null }
}

function write(state: DeskState, dialog: WriteDialog, key: Key): Step {
  if (key.name === 'escape')
    return stay({
      ...state,
      dialog: holdsText(dialog) ? { kind: 'confirm', over: dialog, leaves: false } : null,
    })
  if (key.name === 'ctrl-d' || (key.name === 'return' && !dialog.isMultiline)) {
    const view = selectedView(state)
    return view === null
      ? stay({ ...state, dialog: { ...dialog, problem: 'this case is no longer in the casebook' } })
      : answerText(state, view, dialog)
  }
  const typed = key.name === 'return' ? '\n' : key.text
  return stay({ ...state, dialog: typed === '' ? edit(dialog, key.name) : type(dialog, typed) })
}

function edit(dialog: WriteDialog, name: string): WriteDialog {
  const buffer = editBuffer(dialog.buffer, name)
  return buffer === null ? dialog : { ...dialog, buffer, problem: null }
}

function type(dialog: WriteDialog, typed: string): WriteDialog {
  const buffer = insert(dialog.buffer, typed, dialog.maxCharacters)
  return {
    ...dialog,
    buffer,
    problem:
      buffer === dialog.buffer ? `at most ${dialog.maxCharacters} characters fit here` : null,
  }
}

export function pasteIntoDialog(state: DeskState, dialog: Dialog, text: string): DeskState {
  const line = text.replace(/\s+/gu, ' ')
  if (dialog.kind === 'pick') return { ...state, dialog: search(dialog, dialog.query + line) }
  if (dialog.kind !== 'write') return state
  return {
    ...state,
    dialog: type(dialog, dialog.isMultiline ? text.replace(/\r\n?/gu, '\n') : line),
  }
}
