import { bayanatCsv } from '../../desk/exports/bayanat.ts'
import { dayOfInstant } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'
import {
  discloseAll,
  noteWithheld,
  readRecipient,
  recipientOption,
  reportOptions,
  selectCases,
} from './selection.ts'
import { writeReport } from './write.ts'

export const reportBayanat = defineCommand({
  name: 'report bayanat',
  summary: "a CSV for Bayanat's import of actors, one row a person",
  usage: '[CASE…] --for RECIPIENT -o FILE.csv [--casebook DIR]',
  help: `Without CASE: all of them. Map the columns in Bayanat; it keeps the whole row with each actor, so there is nothing in
it that may not stay there. Places stand in the description.

Exit status 0: every case went in. 1: some stayed inside; each is named.`,
  options: { ...reportOptions, ...recipientOption },
  positionals: { min: 0, max: 10_000 },
  async run(context, values, ids) {
    const recipient = readRecipient(values.for)
    if (values.output === undefined) throw usageError('-o FILE is needed')
    const { actor, views, now } = await selectCases(context, values, ids)
    const { told, withheld } = discloseAll(views, recipient)
    const content = bayanatCsv(
      told.map(({ disclosed }) => disclosed),
      dayOfInstant(now),
    )
    const written = await writeReport(context, actor, {
      path: values.output,
      content,
      action: 'export_written',
      about: `bayanat, ${told.length} cases for ${recipient}`,
    })
    noteWithheld(context, withheld)
    if (values.json === true)
      printJson(context, {
        written: [written],
        cases: told.length,
        withheld: withheld.map(({ id, code }) => ({ id, code })),
      })
    else
      printLine(
        context,
        `wrote ${written.path}: ${told.length} ${told.length === 1 ? 'case' : 'cases'} for ${recipient}`,
      )
    return withheld.length === 0 ? 0 : 1
  },
})
