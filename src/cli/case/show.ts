import type { Change } from '../../desk/files/case-file.ts'
import { sheetLines } from '../../desk/terminal/sheet-lines.ts'
import { changeWords } from '../../desk/text/change-words.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import { loadView } from '../../desk/view/load-views.ts'
import { printable } from '../../desk/text/printable.ts'
import { casebookOption, findCasebook, jsonOption } from './find-casebook.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'

const sheetCells = 100

export const caseShow = defineCommand({
  name: 'case show',
  summary: 'show all that is known about a case, beginning with what may be told',
  usage: 'ID [--casebook DIR] [--json]',
  help: 'ID is the beginning of the receipt, 4 characters or more, as "tumen case list" shows it.',
  options: { ...casebookOption, ...jsonOption },
  positionals: { min: 1, max: 1 },
  async run(context, values, [id = '']) {
    const view = await loadView(
      await findCasebook(context, values.casebook),
      id,
      context.clock.now(),
    )
    if (values.json === true) {
      printJson(context, documentOf(view))
      return 0
    }
    printLine(context, `${view.id}  ${printable(view.title)}`)
    for (const { text } of sheetLines(view, sheetCells)) printLine(context, indented(text))
    if (view.state.status === 'new')
      printNote(context, `read? then: tumen case set ${view.id} status read`)
    return 0
  },
})

/**
 * Keeps the indentation of a line and makes the rest printable, because a line may quote untrusted
 * text.
 */
function indented(line: string): string {
  const margin = /^ */u.exec(line)?.[0] ?? ''
  return margin + printableWithGaps(line.slice(margin.length))
}

/** Makes a line printable and keeps the runs of blanks that align its columns. */
function printableWithGaps(line: string): string {
  return line
    .split(/( {2,})/u)
    .map((part) => (part.startsWith('  ') ? part : printable(part)))
    .join('')
    .trimEnd()
}

/** The whole case as JSON, with the names of the view; its maps become objects. */
function documentOf(view: CaseView): object {
  const { state } = view
  return {
    ...view,
    state: {
      ...state,
      corrections: Object.fromEntries(state.corrections),
      persons: Object.fromEntries(state.persons),
      formAnswers: Object.fromEntries(state.formAnswers),
      confirmations: Object.fromEntries(state.confirmations),
      releases: Object.fromEntries(state.releases),
    },
  }
}

export const caseHistory = defineCommand({
  name: 'case history',
  summary: 'show who changed what in a case, and why',
  usage: 'ID [--casebook DIR] [--json]',
  options: { ...casebookOption, ...jsonOption },
  positionals: { min: 1, max: 1 },
  async run(context, values, [id = '']) {
    const view = await loadView(
      await findCasebook(context, values.casebook),
      id,
      context.clock.now(),
    )
    if (values.json === true) printJson(context, view.changes)
    else for (const line of historyLines(view)) printLine(context, line)
    return 0
  },
})

function historyLines({ opened, changes }: CaseView): string[] {
  const before = new Map<string, unknown>()
  const lines = changes.map((change) => {
    const reason = 'reason' in change && change.reason ? ` (${change.reason})` : ''
    const text = `${change.by}: ${describeChange(change, before)}${reason}`
    if (change.kind === 'set') before.set(change.field, change.value)
    return `${timeText(change.at)}  ${printable(text)}`
  })
  return [`${timeText(opened.opened_at)}  ${printable(`opened with ${opened.tool}`)}`, ...lines]
}

function timeText(at: string): string {
  return printable(at.slice(0, 16).replace('T', ' '))
}

function describeChange(change: Change, before: ReadonlyMap<string, unknown>): string {
  switch (change.kind) {
    case 'set': {
      const was = before.get(change.field)
      const earlier = was === undefined || was === null ? '' : `, before: ${asText(was)}`
      return change.value === null
        ? `took back ${change.field}${earlier}`
        : `set ${change.field} to ${asText(change.value)}${earlier}`
    }
    case 'note':
      return `note: ${change.text}`
    case 'link':
      return `linked to ${change.to.slice(0, 16)} as ${change.as}`
    case 'consent':
      return `consent for ${change.recipient}: ${change.level}, given by ${change.given_by}`
    case 'contact':
      return `contact (${change.with}, ${change.day}): ${change.text}`
    case 'reply':
      return `answer ${change.id.slice(0, 8)}: ${change.text}`
    case 'tier_reached':
      return `tier ${change.tier} reached: ${change.reasons.join(', ')}`
    default:
      return changeWords(change)
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
