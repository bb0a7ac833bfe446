import { stringify } from 'csv-stringify/sync'
import { countCases } from '../../desk/counts/count-cases.ts'
import { countsTable } from '../../desk/counts/counts-table.ts'
import type { PeriodLength } from '../../desk/counts/periods.ts'
import { textCell } from '../../desk/exports/cells.ts'
import { countsDocument } from '../../desk/report/counts-document.ts'
import { countsReport } from '../../desk/report/counts-report.ts'
import { dayOfInstant, isDay } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'
import { rendererFor, writeReport } from './write.ts'
import { reportOptions, selectCases } from './selection.ts'

const lengths: readonly PeriodLength[] = ['month', 'quarter', 'year', 'period']

export const reportCounts = defineCommand({
  name: 'report counts',
  summary: 'persons detained, by period, as human rights organisations publish them',
  usage:
    '--from DAY --to DAY [--by-period LENGTH] -o FILE.html|FILE.docx|FILE.csv [--casebook DIR]',
  help: `Persons and not tips, "at least": named ones once each if analysts have said so, and those who are only counted. Told so vaguely
that it may be another period: in the column "uncertain". Guides apart. No name is in it; still, a count of one or two in a
small place can tell who it is: look before you publish.`,
  options: {
    ...reportOptions,
    from: { type: 'string', value: 'DAY', about: 'first day of detention that counts, YYYY-MM-DD' },
    to: { type: 'string', value: 'DAY', about: 'last day' },
    'by-period': {
      type: 'string',
      value: 'LENGTH',
      about: 'month, quarter, year or period (default: month)',
    },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const [from, to] = [readDay('from', values.from), readDay('to', values.to)]
    if (to < from) throw usageError('--to is before --from')
    const by = lengths.find((length) => length === (values['by-period'] ?? 'month'))
    if (by === undefined) throw usageError(`--by-period must be one of ${lengths.join(', ')}`)
    const { actor, views, now } = await selectCases(context, values, [])
    const counts = countCases(views, { from, to, by, asOf: dayOfInstant(now) })
    if (values.output === undefined) {
      if (values.json !== true) throw usageError('-o FILE is needed, or --json')
      printJson(context, counts)
      return 0
    }
    const kind = /\.(csv|html|docx)$/i.exec(values.output)?.[1]?.toLowerCase()
    if (kind === undefined) throw usageError('-o FILE ends in .html, .docx or .csv')
    const content =
      kind === 'docx'
        ? await rendererFor(values.output)(countsReport(counts))
        : kind === 'csv'
          ? countsTable(counts)
              .map(({ caption, head, rows }) =>
                stringify([[caption], head, ...rows].map((cells) => cells.map(textCell))),
              )
              .join('\n')
          : countsDocument(counts)
    const written = await writeReport(context, actor, {
      path: values.output,
      content,
      action: 'report_written',
      about: `counts ${from} to ${to}`,
    })
    if (values.json === true) printJson(context, { written: [written], counts })
    else printLine(context, `wrote ${written.path}: at least ${counts.total.persons} persons`)
    return 0
  },
})

function readDay(name: string, text: string | undefined): string {
  if (text === undefined || !isDay(text))
    throw usageError(`--${name} DAY is needed: a day of the calendar, YYYY-MM-DD`)
  return text
}
