import type { CaseFileToSend } from '../../desk/exports/case-files.ts'
import { filesToSend } from '../../desk/exports/case-files.ts'
import { uwaziCsv, uwaziTemplate, uwaziVocabulary } from '../../desk/exports/uwazi.ts'
import { uwaziZips } from '../../desk/exports/uwazi-zip.ts'
import { defineCommand } from '../frame/command.ts'
import { printNote } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'
import { casesFor, endReport, printAccount } from './account.ts'
import {
  discloseAll,
  readRecipient,
  recipientOption,
  reportOptions,
  selectCases,
} from './selection.ts'
import type { Written } from './write.ts'
import { writeReport } from './write.ts'
import { count } from '../../text/count.ts'

export const reportUwazi = defineCommand({
  name: 'report uwazi',
  summary: 'a CSV or ZIP that Uwazi imports, one row for each person',
  usage: '[CASE…] --for RECIPIENT -o FILE.csv|FILE.zip [--casebook DIR]',
  help: `Without CASE: all cases. Only what each source allows RECIPIENT to be told goes in; the other cases are named.
FILE.zip holds import.csv and the files that may go, 50 MB at most; more become FILE-2.zip and so on.
Before the first import create the template and the thesauri of --template in Uwazi, with these labels: Uwazi drops a
column without a property of its name, and creates an unknown value, without asking.
A SECOND IMPORT MAKES EVERYTHING TWICE: Uwazi updates an entity only by an id of its own, and then empties what the file
lacks. Import each case once, or delete the earlier entities first; tip_ref is the same in every export.

Exit status 0: every case was included. 1: some were withheld; each is named.`,
  options: {
    ...reportOptions,
    ...recipientOption,
    template: {
      type: 'boolean',
      about: 'print the template to create in Uwazi as CSV (labels, types, thesauri), and end',
    },
    vocabulary: { type: 'boolean', about: 'print the values of the select fields as CSV, and end' },
    languages: {
      type: 'string',
      value: 'LIST',
      about:
        "the site's languages, its default first, such as en,ko: a column of the summary for each",
    },
  },
  positionals: { min: 0, max: 10_000 },
  async run(context, values, ids) {
    if (values.template === true || values.vocabulary === true) {
      context.stdout.write(values.template === true ? uwaziTemplate() : uwaziVocabulary())
      return 0
    }
    const recipient = readRecipient(values.for)
    const options = { languages: readLanguages(values.languages) }
    const path = values.output
    // Uwazi recognises ".zip" only in lower case, and reads any other file as CSV
    // (app/api/csv/importFile.ts@849f7d9).
    if (path === undefined || !/\.(csv|zip)$/.test(path))
      throw usageError('-o FILE is needed, and ends in .csv or .zip, in small letters')
    const selection = await selectCases(context, values, ids)
    const { told, withheld } = discloseAll(selection, recipient)
    printAccount(context, told, withheld)
    if (told.length > 0)
      printNote(context, 'Uwazi doubles what it has already: import each case once')
    const written: Written[] = []
    const write = async (name: string, content: Uint8Array | string, cases: number) => {
      const about = `uwazi, ${count(cases, 'case')} for ${recipient}`
      const report = { path: name, content, action: 'export_written' as const, about }
      written.push(await writeReport(context, selection.actor, report))
    }
    if (path.endsWith('.csv'))
      await write(
        path,
        uwaziCsv(
          told.map(({ disclosed }) => ({ disclosed, files: [] })),
          options,
        ),
        told.length,
      )
    else {
      const cases = told.map(({ view, disclosed }) => ({
        disclosed,
        files: filesToSend(selection.casebook, view, disclosed),
      }))
      const left = (file: CaseFileToSend, why: string) =>
        printNote(context, `${file.name} stays inside: ${why}`)
      for await (const part of uwaziZips(cases, left, options)) {
        const number = written.length + 1
        const name = number === 1 ? path : path.replace(/\.zip$/, `-${number}.zip`)
        await write(name, part.bytes, part.cases)
      }
    }
    const lines = written.map(({ path: name }) => `wrote ${name}: ${casesFor(told, recipient)}`)
    return endReport(context, values.json === true, { written, told, withheld, lines })
  },
})

/** The languages of the Uwazi site. @throws CliError `USAGE`. */
function readLanguages(typed: string | undefined): string[] {
  const languages = typed === undefined ? [] : typed.split(',').map((language) => language.trim())
  if (
    languages.some((language) => !/^[a-z]{2,3}$/.test(language)) ||
    new Set(languages).size < languages.length
  )
    throw usageError('--languages LIST is codes with commas, each once: en,ko')
  return languages
}
