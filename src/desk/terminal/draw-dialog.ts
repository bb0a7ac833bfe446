import { cursorMark, printable, printableTyped } from './clean.ts'
import { matchingOptions } from './dialogs.ts'
import { bar, bold, keyBar, reverse } from './frame.ts'
import { helpLines } from './help-text.ts'
import type { DeskState, Dialog, PickDialog, WriteDialog } from './state.ts'
import { selectedView } from './state.ts'
import { cut, fit, wrap } from './width.ts'

const pickKeys = ['type to narrow down', 'Up/Down choose', 'Enter take it', 'Esc back']
const lineKeys = ['Enter save', 'Esc leave']
const textKeys = ['Ctrl-D save', 'Enter new line', 'Esc leave']

/** A dialog takes the whole screen, so that nothing of the case behind it is visible. */
export function drawDialog(state: DeskState, dialog: Dialog): string[] {
  const { columns, rows } = state
  switch (dialog.kind) {
    case 'help':
      return screen(
        state,
        'Help',
        helpLines.map((line) => cut(line, columns)),
        '',
        ['any key goes back'],
      )
    case 'confirm':
      return screen(state, 'Not saved yet', confirmLines(dialog.leaves), '', [
        'y lose it',
        'any other key: go on writing',
      ])
    case 'pick':
      return screen(
        state,
        dialog.title,
        pickLines(dialog, columns, rows - 5),
        problemLine(state, dialog.problem),
        pickKeys,
      )
    case 'write':
      return screen(
        state,
        dialog.title,
        writeLines(dialog, columns, rows - 5),
        problemLine(state, dialog.problem),
        dialog.isMultiline ? textKeys : lineKeys,
      )
  }
}

function screen(
  state: DeskState,
  title: string,
  body: readonly string[],
  problem: string,
  keys: readonly string[],
): string[] {
  const { columns, rows } = state
  const view = selectedView(state)
  const about = view === null || state.dialog?.kind === 'help' ? '' : `case ${view.id}`
  const lines = Array.from({ length: rows - 3 }, (_, at) => body[at - 1] ?? '')
  return [bar(title, about, columns), ...lines, problem, keyBar(keys, columns)]
}

function problemLine(state: DeskState, problem: string | null): string {
  if (state.pending !== null) return 'saving…'
  return problem === null ? '' : bold(cut(`! ${printable(problem)}`, state.columns))
}

function confirmLines(leaves: boolean): string[] {
  return [
    '  What you typed is not saved.',
    '',
    `  Press y to lose it${leaves ? ' and leave the desk' : ''}, any other key to go on writing.`,
  ]
}

function pickLines(dialog: PickDialog, columns: number, rows: number): string[] {
  const matching = matchingOptions(dialog)
  const room = rows - 3
  const top = Math.max(0, Math.min(dialog.selected - Math.floor(room / 2), matching.length - room))
  const options = matching.slice(top, top + room).map(({ label }, at) => {
    const isSelected = top + at === dialog.selected
    const row = fit(`${isSelected ? '>' : ' '} ${label}`, columns)
    return isSelected ? reverse(row) : row
  })
  const count = `  ${matching.length} of ${dialog.options.length}`
  return [
    `  Find: ${cut(printableTyped(dialog.query), columns - 10)}${cursorMark}`,
    count,
    ...(options.length === 0 ? ['  nothing fits; erase some of what you typed'] : options),
  ]
}

/** The wrapped text; the line that is being typed is always visible. */
function writeLines({ hint, buffer }: WriteDialog, columns: number, rows: number): string[] {
  const hints = wrap(hint, columns - 4).map((line) => `  ${line}`)
  const lines = wrap(
    `${printableTyped(buffer.before)}${cursorMark}${printableTyped(buffer.after)}`,
    columns - 3,
  )
  const room = Math.max(1, rows - hints.length - 1)
  const at = lines.findIndex((line) => line.includes(cursorMark))
  const top = Math.max(0, at - room + 1)
  return [...hints, '', ...lines.slice(top, top + room).map((line) => `  ${line}`)]
}
