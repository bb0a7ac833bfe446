import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveOf } from '../../desk/exports/archive.ts'
import type { CaseFileToSend } from '../../desk/exports/case-files.ts'
import { filesToSend, readUnchanged } from '../../desk/exports/case-files.ts'
import type { Disclosed } from '../../desk/disclose/disclosed.ts'
import { dayOfInstant } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printNote, resolvePath, tool } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { casesFor, endReport, printAccount } from './account.ts'
import type { Selection, ToldCase } from './selection.ts'
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

export const reportArchive = defineCommand({
  name: 'report archive',
  summary: 'a folder of JSON and files, for programs',
  usage: '[CASE…] --for RECIPIENT -o FOLDER [--casebook DIR]',
  help: `Without CASE: all cases. FOLDER, which must be new or empty, gets cases.json (tumen-archive/1), files/ and SHA256SUMS,
which "sha256sum -c" reads.

Exit status 0: every case was included. 1: some were withheld; each is named.`,
  options: { ...reportOptions, ...recipientOption },
  positionals: { min: 0, max: 10_000 },
  async run(context, values, ids) {
    const recipient = readRecipient(values.for)
    if (values.output === undefined) throw usageError('-o FOLDER is needed')
    const folder = resolvePath(context, values.output)
    const selection = await selectCases(context, values, ids)
    const { told, withheld } = discloseAll(selection, recipient)
    printAccount(context, told, withheld)
    await makeEmptyFolder(folder, values.output)
    const written: Written[] = []
    const write = async (name: string, content: Uint8Array | string) => {
      const report = { path: join(folder, name), content, action: 'export_written' as const }
      const about = `archive for ${recipient}`
      written.push(await writeReport(context, selection.actor, { ...report, about }))
    }
    const cases = await writeFiles(context, selection, told, write)
    const about = { exported: dayOfInstant(selection.now), tool, recipient }
    await write('cases.json', `${JSON.stringify(archiveOf(cases, about), null, 2)}\n`)
    await write('SHA256SUMS', sumsOf(written, folder))
    const lines = [
      `wrote ${values.output}: ${casesFor(told, recipient)}, ${count(written.length - 2, 'file')}`,
    ]
    return endReport(context, values.json === true, { written, told, withheld, lines })
  },
})

/**
 * Creates the folder, or accepts an empty one. @throws CliError if the folder contains anything.
 */
async function makeEmptyFolder(folder: string, named: string): Promise<void> {
  await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 1 || (await readdir(join(folder, 'files'))).length > 0)
    throw failure(`${named} is not empty: name a new folder`)
}

async function writeFiles(
  context: CliContext,
  { casebook }: Selection,
  told: readonly ToldCase[],
  write: (name: string, content: Uint8Array) => Promise<void>,
): Promise<{ disclosed: Disclosed; files: CaseFileToSend[] }[]> {
  const cases: { disclosed: Disclosed; files: CaseFileToSend[] }[] = []
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
      files.push({ ...file, bytes: content.length })
    }
    cases.push({ disclosed, files })
  }
  return cases
}

function sumsOf(written: readonly Written[], folder: string): string {
  return written
    .map(({ path, sha256 }) => `${sha256}  ${path.slice(folder.length + 1)}\n`)
    .sort()
    .join('')
}
