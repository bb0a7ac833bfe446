import { summaryReport } from '../../desk/report/summary.ts'
import { wordsOf } from '../../desk/report/words/find-words.ts'
import { dayOfInstant } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { failure, usageError } from '../frame/errors.ts'
import { casesFor, endReport, printAccount } from './account.ts'
import {
  discloseAll,
  readRecipient,
  recipientOption,
  reportOptions,
  selectCases,
} from './selection.ts'
import { languageOption, readLanguage, rendererFor, writeReport } from './write.ts'

export const reportSummary = defineCommand({
  name: 'report summary',
  summary:
    'one page for each case, for the media or others: who, held where, by when, what is asked',
  usage: 'CASE… --for RECIPIENT [--lang en|fr|es] -o FILE.html|FILE.docx [--casebook DIR]',
  help: `Names are in it only if the source allows RECIPIENT names; with facts_only it says how many people, in which country
and month. The source's own words are left out until an analyst confirms them (tumen case confirm) or writes others
(tumen case set CASE narrative …). What is left out is printed before anything is written.
The deadline is how long governments were known to take; it is neither a minimum nor a limit.

Exit status 0: every case was included. 1: some were withheld; each is named.`,
  options: { ...reportOptions, ...recipientOption, ...languageOption },
  positionals: { min: 1, max: 10_000 },
  async run(context, values, ids) {
    const recipient = readRecipient(values.for)
    const language = readLanguage(values.lang)
    if (values.output === undefined) throw usageError('-o FILE is needed')
    const render = rendererFor(values.output)
    const selection = await selectCases(context, values, ids)
    const { told, withheld } = discloseAll(selection, recipient)
    printAccount(context, told, withheld)
    if (told.length === 0) throw failure('no summary was written: nothing may go')
    const cases = told.map(({ view, disclosed }) => ({ disclosed, window: view.triage.window }))
    const written = await writeReport(context, selection.actor, {
      path: values.output,
      content: await render(summaryReport(wordsOf(language), cases, dayOfInstant(selection.now))),
      action: 'report_written',
      about: `summary (${language}), ${casesFor(told, recipient)}`,
    })
    const lines = [`wrote ${written.path}: ${casesFor(told, recipient)}`]
    return endReport(context, values.json === true, { written: [written], told, withheld, lines })
  },
})
