import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { nameOf } from '../../desk/disclose/files.ts'
import { copyPathOf } from '../../desk/exports/case-files.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import { printable } from '../../desk/text/printable.ts'
import { changeCase } from '../../desk/view/change-case.ts'
import { loadView } from '../../desk/view/load-views.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { actorOf, asUsage, changeOptions, findCasebook } from './find-casebook.ts'
import { refreshAfterChange } from './refresh-and-repair.ts'

export const caseRelease = defineCommand({
  name: 'case release',
  summary: 'allow a file into reports that would leave it out, or undo that',
  usage: 'ID FILE --reason TEXT [--copy | --take-back] [--by NAME] [--casebook DIR]',
  help: `Reports leave out videos, PDFs, pictures with hidden place and time, and files that nobody looked into,
even if the source allows files (named_photo). FILE is its number, as "tumen case show" lists it, or
its name. Look at it first: what it shows, and what is hidden in it, can lead to the source. --copy
releases the copy that Dangerzone made of it.
A release does not widen consent: the file goes only to recipients with named_photo.`,
  options: {
    ...changeOptions,
    reason: { type: 'string', value: 'TEXT', about: 'why it may go, for the history' },
    copy: { type: 'boolean', about: "release Dangerzone's copy instead of the file" },
    'take-back': { type: 'boolean', about: 'the file stays again' },
  },
  positionals: { min: 2, max: 2 },
  async run(context, values, [id = '', typed = '']) {
    const reason = values.reason?.trim() ?? ''
    if (reason === '') throw usageError('--reason TEXT is missing: say why the file may go')
    if (values.copy === true && values['take-back'] === true)
      throw usageError('--copy and --take-back exclude each other')
    const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
    const view = await loadView(actor.casebook, id, actor.now())
    const file = findFile(view, typed)
    const copy =
      values.copy === true ? await digestOf(copyPathOf(actor.casebook, view.receipt, file)) : null
    const as = values['take-back'] === true ? 'nothing' : copy === null ? 'original' : 'copy'
    await asUsage(() =>
      changeCase(actor, view, [{ kind: 'release', file: file.sha256, as, copy, reason }]),
    )
    const name = printable(nameOf(file))
    printLine(
      context,
      `${view.id}: ${name} ${{ original: 'is released', copy: 'is released as its Dangerzone copy', nothing: 'stays again' }[as]}`,
    )
    return await refreshAfterChange(context, actor, values['no-refresh'])
  },
})

type OpenedFile = CaseView['opened']['attachments'][number]

/** @throws CliError `USAGE` when the case has no such file. */
function findFile({ id, opened }: CaseView, typed: string): OpenedFile {
  const byNumber = /^[1-9]\d{0,3}$/u.test(typed) ? opened.attachments[Number(typed) - 1] : undefined
  const found = opened.attachments.find((each) => nameOf(each) === typed) ?? byNumber
  if (found !== undefined) return found
  throw usageError(
    opened.attachments.length === 0
      ? `${id} has no files`
      : `${id} has no such file; name one by its number, 1 to ${opened.attachments.length}`,
  )
}

/**
 * SHA-256 of a file.
 * @throws CliError if there is no such file.
 */
async function digestOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw failure(
      'there is no Dangerzone copy of this file: make one with "tumen open … --dangerzone"',
      cause,
    )
  })
  return createHash('sha256').update(bytes).digest('hex')
}
