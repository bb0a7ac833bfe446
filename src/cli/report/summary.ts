import { summaryReport } from '../../desk/report/summary.ts'
import { wordsOf } from '../../desk/report/words/find-words.ts'
import { dayOfInstant } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { languageOption, readLanguage, rendererFor, writeReport } from './write.ts'
import {
  discloseAll,
  noteWithheld,
  readRecipient,
  recipientOption,
  reportOptions,
  selectCases,
} from './selection.ts'

export const reportSummary = defineCommand({
  name: 'report summary',
  summary: 'who, held where, by when, and what is asked: a page a case, for the media or others',
  usage: 'CASE… --for RECIPIENT [--lang en|fr|es] -o FILE.html|FILE.docx [--casebook DIR]',
  help: `With names only if the source allows RECIPIENT names; with facts_only: how many, in which country and month.
The account is the analyst's (tumen case set CASE narrative …); the source's own words never leave.
The deadline is what governments were known to take, neither a minimum nor a limit.

Exit status 0: every case went in. 1: some stayed inside; each is named.`,
  options: { ...reportOptions, ...recipientOption, ...languageOption },
  positionals: { min: 1, max: 10_000 },
  async run(context, values, ids) {
    const recipient = readRecipient(values.for)
    const language = readLanguage(values.lang)
    if (values.output === undefined) throw usageError('-o FILE is needed')
    const render = rendererFor(values.output)
    const { actor, views, now } = await selectCases(context, values, ids)
    const { told, withheld } = discloseAll(views, recipient)
    noteWithheld(context, withheld)
    if (told.length === 0) throw failure('no summary was written: nothing may go')
    const cases = told.map(({ view, disclosed }) => ({ disclosed, window: view.triage.window }))
    const content = await render(summaryReport(wordsOf(language), cases, dayOfInstant(now)))
    const written = await writeReport(context, actor, {
      path: values.output,
      content,
      action: 'report_written',
      about: `summary (${language}), ${told.length} cases for ${recipient}`,
    })
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
