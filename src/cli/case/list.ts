import { WriteStream } from 'node:tty'

import { caseStatuses } from '../../desk/files/case-file.ts'
import { dueText, leftText, peopleText, placeOf } from '../../desk/terminal/cases.ts'
import { fit } from '../../desk/terminal/width.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import { loadViews } from '../../desk/view/load-views.ts'
import { printable } from '../../desk/text/printable.ts'
import { searchCases } from '../../desk/view/search-cases.ts'
import { byUrgency } from '../../desk/view/urgency.ts'
import { casebookOption, findCasebook, jsonOption, oneOf } from './find-casebook.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { count } from '../../text/count.ts'

export const caseList = defineCommand({
  name: 'case list',
  summary: 'list the cases, the most urgent first',
  usage: '[--tier N] [--status S] [--search TEXT] [--casebook DIR] [--json]',
  help: `Tier 0 is the most urgent. LEFT: days left of the time that returns are known to take. LOOK BY: the
latest time by which somebody must look at a new case. --search finds words and parts of words in names,
places, narratives and notes, and persons and places in other spellings and scripts.`,
  options: {
    ...casebookOption,
    tier: { type: 'string', value: 'N', about: 'only this tier: 0, 1, 2 or 3' },
    status: { type: 'string', value: 'S', about: `only this status: ${caseStatuses.join(', ')}` },
    search: {
      type: 'string',
      value: 'TEXT',
      about: 'only cases in which every one of these words is found',
    },
    ...jsonOption,
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const tier =
      values.tier === undefined ? null : Number(oneOf(['0', '1', '2', '3'], values.tier, '--tier'))
    const status =
      values.status === undefined ? null : oneOf(caseStatuses, values.status, '--status')
    const now = context.clock.now()
    const { views, problems } = await loadViews(await findCasebook(context, values.casebook), now)
    const chosen = searchCases(views, values.search ?? '')
      .toSorted(byUrgency)
      .filter(
        ({ triage, state }) =>
          (tier === null || triage.tier === tier) && (status === null || state.status === status),
      )
    if (values.json === true) printJson(context, chosen.map(summaryOf))
    else printTable(context, chosen, views.length, now)
    for (const { receipt, detail } of problems)
      printNote(
        context,
        printable(`${receipt === null ? 'casebook' : receipt.slice(0, 8)}: ${detail}`),
      )
    return 0
  },
})

type Column = readonly [
  head: string,
  cells: number,
  text: (view: CaseView) => string,
  align?: 'right',
]

/** The width of the list when the output is a file or a pipe. */
const usualCells = 100
const [fewestCells, mostCells] = [80, 160]
const gap = '  '

function cellsOf({ stdout }: Pick<CliContext, 'stdout'>): number {
  return stdout instanceof WriteStream
    ? Math.min(mostCells, Math.max(fewestCells, stdout.columns))
    : usualCells
}

function columnsFor(views: readonly CaseView[], now: Date, maxCells: number): Column[] {
  const idCells = Math.max(8, ...views.map(({ id }) => Math.min(id.length, 20)))
  const columns: Column[] = [
    ['CASE', idCells, ({ id }) => id],
    ['T', 1, ({ triage }) => String(triage.tier)],
    ['LEFT', 7, leftText, 'right'],
    ['LOOK BY', 9, (view) => dueText(view, now.getTime()), 'right'],
    ['STATUS', 7, ({ state }) => state.status],
    ['PEOPLE', 6, peopleText, 'right'],
    ['WHERE', maxCells < usualCells ? 12 : 18, placeOf],
  ]
  const used = columns.reduce((sum, [, cells]) => sum + cells + gap.length, 0)
  columns.splice(6, 0, ['WHO', maxCells - used, ({ title }) => title])
  return columns
}

function printTable(context: CliContext, views: readonly CaseView[], all: number, now: Date): void {
  const maxCells = cellsOf(context)
  const columns = columnsFor(views, now, maxCells)
  const line = (cell: (column: Column) => string) =>
    printLine(
      context,
      columns
        .map((column) => fit(cell(column), column[1], column[3] ?? 'left'))
        .join(gap)
        .trimEnd(),
    )
  if (views.length > 0) line(([head]) => head)
  for (const view of views) line(([, , text]) => printable(text(view), { maxCharacters: maxCells }))
  printNote(context, `${views.length === all ? '' : `${views.length} of `}${count(all, 'case')}`)
}

/** Summary of one case, for `--json`. */
function summaryOf(view: CaseView): object {
  const { triage, state, peopleCount, detained } = view
  return {
    receipt: view.receipt,
    id: view.id,
    title: view.title,
    tier: triage.tier,
    computed_tier: triage.computed,
    decided_by: triage.decidedBy,
    priority: triage.priority,
    act_by: triage.actBy?.day ?? null,
    act_by_reason: triage.actBy?.why ?? null,
    left_days: triage.actBy?.leftDays ?? null,
    due_at: triage.dueAt,
    is_overdue: triage.isOverdue,
    reasons: triage.reasons,
    status: state.status,
    assigned: state.assigned,
    deadline: state.deadline,
    group: state.group,
    people_count: peopleCount,
    detained,
    place: placeOf(view),
  }
}
