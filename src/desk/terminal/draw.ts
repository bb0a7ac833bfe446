import type { CaseView } from '../files/case-view.ts'
import { dueText, leftText, peopleText, placeOf } from './cases.ts'
import { cursorMark, printable, printableTyped } from './clean.ts'
import { drawDialog } from './draw-dialog.ts'
import type { Frame } from './frame.ts'
import { bar, bold, keyBar, makeFrame, reverse } from './frame.ts'
import { lastScroll } from './reduce-sheet.ts'
import { sheetLines } from './sheet-lines.ts'
import type { SheetLine } from './sheet-lines.ts'
import type { DeskState } from './state.ts'
import { bodyRows, isTooSmall, minColumns, minRows, selectedView } from './state.ts'
import { textOf } from './text-buffer.ts'
import { countCells, cut, fit } from './width.ts'
import { count } from '../../text/count.ts'

const listKeys = ['Enter open', '/ search', 't tier', 's status', 'r reload', '? help', 'q quit']
const searchKeys = ['type to search', 'Enter keep', 'Esc clear', 'Up/Down move']
const sheetKeys = [
  'q list',
  'm read',
  'e edit',
  'o note',
  'k contact',
  'c consent',
  'a answer',
  'u undo',
  'n/p',
  '?',
]

/** Draws the desk. Pure; every text of a tip in the result has gone through `printable`. */
export function draw(state: DeskState): Frame {
  if (isTooSmall(state)) return makeFrame(smallLines(state), state.rows)
  if (state.dialog !== null) return makeFrame(drawDialog(state, state.dialog), state.rows)
  const view = state.screen === 'sheet' ? selectedView(state) : null
  return makeFrame(view === null ? listScreen(state) : sheetScreen(state, view), state.rows)
}

function smallLines({ columns, dialog }: DeskState): string[] {
  const lines =
    dialog?.kind === 'confirm'
      ? ['Text is not saved.', 'y: lose it', 'n: keep it']
      : ['Too small.', `Needs ${minColumns} x ${minRows}.`, 'Ctrl-C leaves.']
  return lines.map((line) => cut(line, columns))
}

function listScreen(state: DeskState): string[] {
  const { columns, visible, top } = state
  const rows = visible.slice(top, top + bodyRows(state)).map((view) => listRow(state, view))
  const body = rows.length > 0 ? rows : ['', emptyText(state)]
  const blanks = Array.from({ length: Math.max(0, bodyRows(state) - body.length) }, () => '')
  return [
    bar(
      listHeading(state),
      `tier: ${state.tier ?? 'all'}  status: ${state.status ?? 'all'}`,
      columns,
    ),
    bold(
      fit(
        `  ${listCells(columns, ['tier', 'left', 'due', 'id', 'people', 'place', 'status', 'title'])}`,
        columns,
      ),
    ),
    ...body,
    ...blanks,
    state.isSearching ? `Search: ${searchText(state)}` : cut(printable(state.message), columns),
    keyBar(state.isSearching ? searchKeys : listKeys, columns),
  ]
}

function searchText({ search, columns }: DeskState): string {
  // Only the end of a long search text is shown, because that is where the cursor is.
  const before = printableTyped(search.before).replaceAll('\n', ' ')
  const room = columns - 10
  const shown =
    countCells(before) <= room ? before : [...before].slice(-Math.floor(room / 2)).join('')
  return `${shown}${cursorMark}${cut(printableTyped(search.after), room - countCells(shown))}`
}

function listHeading({ visible, views, search }: DeskState): string {
  const shown = visible.length === views.length ? '' : `${visible.length} of `
  const words = textOf(search) === '' ? '' : `, with “${printable(textOf(search))}”`
  return `tumen desk: ${shown}${count(views.length, 'case')}${words}`
}

function emptyText({ views, loadedAt }: DeskState): string {
  if (loadedAt === 0) return ''
  return views.length === 0
    ? '  There is no case in this casebook yet: `tumen open` puts them there.'
    : '  No case fits. Esc clears the search; t and s change the filters.'
}

/** The title is the last column, so that right-to-left text has no column after it to disturb. */
function listCells(
  columns: number,
  [
    tier = '',
    left = '',
    due = '',
    id = '',
    people = '',
    place = '',
    status = '',
    title = '',
  ]: readonly string[],
): string {
  const placeCells = columns >= 110 ? 24 : 14
  const cells = [
    fit(tier, 4),
    fit(left, 7),
    fit(due, 9),
    fit(id, 8),
    fit(people, 6),
    fit(place, placeCells),
    fit(status, 7),
  ].join(' ')
  return `${cells} ${title}`
}

/** Before the title of a case that is perhaps the same as another; its sheet says which. */
const alikeMark = '=? '

function listRow(state: DeskState, view: CaseView): string {
  const isSelected = view.receipt === state.selected
  const cells = listCells(state.columns, [
    `T${view.triage.tier}`,
    leftText(view),
    dueText(view, state.now),
    view.id,
    peopleText(view),
    printable(placeOf(view)),
    view.state.status,
    `${view.alike.length > 0 ? alikeMark : ''}${printable(view.title)}`,
  ])
  const row = fit(`${isSelected ? '>' : ' '} ${cells}`, state.columns)
  return isSelected ? reverse(row) : view.triage.isOverdue ? bold(row) : row
}

function sheetScreen(state: DeskState, view: CaseView): string[] {
  const { columns } = state
  const lines = sheetLines(view, columns)
  const rows = bodyRows(state)
  const last = lastScroll(state, view)
  const scroll = Math.min(state.scroll, last)
  const shown = lines.slice(scroll, scroll + rows).map((line) => styled(line, columns))
  const blanks = Array.from({ length: rows - shown.length }, () => '')
  const at = state.visible.findIndex(({ receipt }) => receipt === view.receipt)
  const where =
    last === 0
      ? 'all shown'
      : scroll === last
        ? 'end'
        : `${Math.round((100 * scroll) / last)} %, more below`
  return [
    bar(
      `T${view.triage.tier} ${view.id}  ${printable(view.title)}`,
      `${at < 0 ? 'not in the list' : `case ${at + 1} of ${state.visible.length}`}  ${where}`,
      columns,
    ),
    '',
    ...shown,
    ...blanks,
    cut(
      state.message === '' && view.state.status === 'new'
        ? 'Looking does not mark it as read: press m when you have read it.'
        : printable(state.message),
      columns,
    ),
    keyBar(sheetKeys, columns),
  ]
}

function styled({ text, style }: SheetLine, columns: number): string {
  const line = cut(text, columns)
  return style === 'plain' ? line : style === 'heading' ? bold(line) : reverse(line)
}
