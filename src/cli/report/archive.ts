import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveOf } from '../../desk/exports/archive.ts'
import type { CaseFileToSend } from '../../desk/exports/case-files.ts'
import { filesToSend, readUnchanged } from '../../desk/exports/case-files.ts'
import { dayOfInstant } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine, printNote, resolvePath, tool } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import {
  discloseAll,
  noteWithheld,
  readRecipient,
  recipientOption,
  reportOptions,
  selectCases,
} from './selection.ts'
import type { Written } from './write.ts'
import { writeReport } from './write.ts'

export const reportArchive = defineCommand({
  name: 'report archive',
  summary: 'a folder of JSON and files, for whoever imports by a program',
  usage: '[CASE…] --for RECIPIENT -o FOLDER [--casebook DIR]',
  help: `Without CASE: all of them. FOLDER, which must be new or empty, gets cases.json (tumen-archive/1), files/ and SHA256SUMS,
which "sha256sum -c" reads.

Exit status 0: every case went in. 1: some stayed inside; each is named.`,
  options: { ...reportOptions, ...recipientOption },
  positionals: { min: 0, max: 10_000 },
  async run(context, values, ids) {
    const recipient = readRecipient(values.for)
    if (values.output === undefined) throw usageError('-o FOLDER is needed')
    const folder = resolvePath(context, values.output)
    const { casebook, actor, views, now } = await selectCases(context, values, ids)
    await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 })
    if ((await readdir(folder)).length > 1 || (await readdir(join(folder, 'files'))).length > 0)
      throw failure(`${values.output} is not empty: name a new folder`)
    const { told, withheld } = discloseAll(views, recipient)
    const written: Written[] = []
    const write = async (name: string, content: Uint8Array | string) => {
      written.push(
        await writeReport(context, actor, {
          path: join(folder, name),
          content,
          action: 'export_written',
          about: `archive for ${recipient}`,
        }),
      )
    }
    const cases: { disclosed: (typeof told)[number]['disclosed']; files: CaseFileToSend[] }[] = []
    for (const { view, disclosed } of told) {
      const files: CaseFileToSend[] = []
      for (const file of filesToSend(casebook, view, disclosed)) {
        const content = await readUnchanged(file)
        if (content === null) {
          printNote(
            context,
            `${file.name} stays inside: it is not the file that was opened: see "tumen verify"`,
          )
          continue
        }
        await write(join('files', file.name), content)
        files.push(file)
      }
      cases.push({ disclosed, files })
    }
    await write(
      'cases.json',
      `${JSON.stringify(archiveOf(cases, { exported: dayOfInstant(now), tool, recipient }), null, 2)}\n`,
    )
    await write(
      'SHA256SUMS',
      written
        .map(({ path, sha256 }) => `${sha256}  ${path.slice(folder.length + 1)}\n`)
        .sort()
        .join(''),
    )
    noteWithheld(context, withheld)
    if (values.json === true)
      printJson(context, {
        written,
        cases: told.length,
        withheld: withheld.map(({ id, code }) => ({ id, code })),
      })
    else
      printLine(
        context,
        `wrote ${values.output}: ${told.length} ${told.length === 1 ? 'case' : 'cases'} for ${recipient}, ${written.length - 2} files`,
      )
    return withheld.length === 0 ? 0 : 1
  },
})
