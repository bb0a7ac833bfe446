import { stringify } from 'csv-stringify/sync'
import type { Counts } from '../../desk/counts/count-cases.ts'
import { countCases } from '../../desk/counts/count-cases.ts'
import { countsTable, floorText, smallCells } from '../../desk/counts/counts-table.ts'
import type { PlaceOf } from '../../desk/counts/human-beings.ts'
import type { PeriodLength } from '../../desk/counts/periods.ts'
import { placeAsTold, placeFor } from '../../desk/counts/place-names.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import { printable } from '../../desk/text/printable.ts'
import { textCell } from '../../desk/exports/cells.ts'
import { countsDocument } from '../../desk/report/counts-document.ts'
import { countsReport } from '../../desk/report/counts-report.ts'
import { dayOfInstant, isDay } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'
import { rendererFor, writeReport } from './write.ts'
import { readRecipient, reportOptions, selectCases } from './selection.ts'

const lengths: readonly PeriodLength[] = ['month', 'quarter', 'year', 'period']

export const reportCounts = defineCommand({
  name: 'report counts',
  summary: 'persons detained, by period, as human rights organisations publish them',
  usage:
    '--from DAY --to DAY [--by-period LENGTH] [--for RECIPIENT] -o FILE.html|FILE.docx|FILE.csv [--casebook DIR]',
  help: `Counts persons, not tips. "At least" counts each pair of persons who may be the same, and whom no
analyst has compared, as one; the column next to it says how many there are if no two are the same.
A date so vague that it may be in another period is in the column "uncertain". Guides are counted
separately. A place is named only if RECIPIENT may have names and the words are confirmed or an
analyst's (tumen case confirm); else it is the country, or "not named here". The table has no names.
Still, one or two persons in a place or month can be recognised: such cells are listed before the
file is written.`,
  options: {
    ...reportOptions,
    for: {
      type: 'string',
      value: 'RECIPIENT',
      about: 'for whom places are named as far as consent goes (default: media, as for the public)',
    },
    from: { type: 'string', value: 'DAY', about: 'first day of detention to count, YYYY-MM-DD' },
    to: { type: 'string', value: 'DAY', about: 'last day of detention to count' },
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
    const recipient = values.for === undefined ? 'media' : readRecipient(values.for)
    const isJson = values.json === true
    const format = values.output === undefined ? null : formatOf(values.output)
    if (format === null && !isJson) throw usageError('-o FILE is needed, or --json')
    const { actor, views, now, othersOf } = await selectCases(context, values, [])
    const placeOf = placeFor(recipient, othersOf)
    const counts = countCases(views, { from, to, by, asOf: dayOfInstant(now) }, placeOf)
    printWarnings(context, counts, placesNotNamed(views, placeOf))
    if (format === null || values.output === undefined) {
      printJson(context, counts)
      return 0
    }
    const written = await writeReport(context, actor, {
      path: values.output,
      content: await render(format, values.output, counts),
      action: 'report_written',
      about: `counts ${from} to ${to} for ${recipient}`,
    })
    if (isJson) printJson(context, { written: [written], counts })
    else printLine(context, `wrote ${written.path}: ${floorText(counts, ' persons')}`)
    return 0
  },
})

type Format = 'csv' | 'html' | 'docx'

/** The format that the file name asks for. @throws CliError `USAGE`. */
function formatOf(path: string): Format {
  const format = /\.(csv|html|docx)$/i.exec(path)?.[1]?.toLowerCase()
  if (format === undefined) throw usageError('-o FILE ends in .html, .docx or .csv')
  return format as Format
}

async function render(format: Format, path: string, counts: Counts): Promise<Uint8Array | string> {
  if (format === 'docx') return await rendererFor(path)(countsReport(counts))
  if (format === 'html') return countsDocument(counts)
  return countsTable(counts)
    .map(({ caption, head, rows }) =>
      stringify([[caption], head, ...rows].map((cells) => cells.map(textCell))),
    )
    .join('\n')
}

/** Ids of the tips whose place the table does not name as the source wrote it. */
function placesNotNamed(views: readonly CaseView[], placeOf: PlaceOf): string[] {
  return views.filter((view) => placeOf(view) !== placeAsTold(view)).map(({ id }) => id)
}

const maxListed = 20

function printWarnings(
  context: Pick<CliContext, 'stderr'>,
  counts: Counts,
  notNamed: readonly string[],
): void {
  const list = (items: readonly string[]) =>
    [
      ...items.slice(0, maxListed),
      ...(items.length > maxListed ? [`and ${items.length - maxListed} more`] : []),
    ].join('; ')
  if (notNamed.length > 0)
    printNote(
      context,
      `the place is not named in full, as its words are not confirmed or consent does not reach it: ${list(notNamed)}`,
    )
  const small = smallCells(counts)
  if (small.length > 0)
    printNote(
      context,
      `so few that somebody may be recognised; think before you publish: ${printable(list(small))}`,
    )
}

function readDay(name: string, text: string | undefined): string {
  if (text === undefined || !isDay(text))
    throw usageError(`--${name} DAY is needed: a day of the calendar, YYYY-MM-DD`)
  return text
}
