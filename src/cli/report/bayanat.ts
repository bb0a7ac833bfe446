import { bayanatCsv } from '../../desk/exports/bayanat.ts'
import { dayOfInstant } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { usageError } from '../frame/errors.ts'
import { casesFor, endReport, printAccount } from './account.ts'
import {
  discloseAll,
  readRecipient,
  recipientOption,
  reportOptions,
  selectCases,
} from './selection.ts'
import { writeReport } from './write.ts'

export const reportBayanat = defineCommand({
  name: 'report bayanat',
  summary: "a CSV for Bayanat's import of actors, one row for each person",
  usage: '[CASE…] --for RECIPIENT -o FILE.csv [--casebook DIR]',
  help: `Without CASE: all cases. Map the columns in Bayanat by their names; map type as the type of the event. Bayanat keeps
the whole row with each actor, so the row has nothing that may not stay there. Places and ethnicities that a Bayanat
site does not know would be lost, so they are in the description, too. A second import makes a second actor, unless
"originid" is chosen as the unique field when importing.

Exit status 0: every case was included. 1: some were withheld; each is named.`,
  options: { ...reportOptions, ...recipientOption },
  positionals: { min: 0, max: 10_000 },
  async run(context, values, ids) {
    const recipient = readRecipient(values.for)
    if (values.output === undefined) throw usageError('-o FILE is needed')
    const selection = await selectCases(context, values, ids)
    const { told, withheld } = discloseAll(selection, recipient)
    printAccount(context, told, withheld)
    const written = await writeReport(context, selection.actor, {
      path: values.output,
      content: bayanatCsv(
        told.map(({ disclosed }) => disclosed),
        dayOfInstant(selection.now),
      ),
      action: 'export_written',
      about: `bayanat, ${casesFor(told, recipient)}`,
    })
    const lines = [`wrote ${written.path}: ${casesFor(told, recipient)}`]
    return endReport(context, values.json === true, { written: [written], told, withheld, lines })
  },
})
