import { join } from 'node:path'
import { readCasebookFile } from '../../desk/files/read-file.ts'
import { findsSource } from '../../desk/disclose/source-inside.ts'
import type { Submitter } from '../../desk/report/submitter.ts'
import { maxSubmitterBytes, parseSubmitter, submitterExample } from '../../desk/report/submitter.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'

export const submitterOption = {
  submitter: {
    type: 'string',
    value: 'FILE',
    about: 'the organisation that submits (default: submitter.txt in the casebook)',
  },
} as const

export const submitterHelp = `The UN accepts nothing anonymous: your organisation submits, never the source. FILE, or submitter.txt
in the casebook, says who that is:

${submitterExample.replaceAll(/^/gm, '  ')}`

/**
 * The submitter from the given file, or from the casebook; null if there is neither.
 * @throws CliError; ReportError for a file that cannot be used.
 */
export async function readSubmitter(
  context: Pick<CliContext, 'cwd'>,
  casebook: string,
  named: string | undefined,
): Promise<Submitter | null> {
  const path = named === undefined ? join(casebook, 'submitter.txt') : resolvePath(context, named)
  const bytes = await readCasebookFile(path, maxSubmitterBytes).catch((cause: Error) => {
    throw failure(`the submitter's file ${cause.message}`, cause)
  })
  if (bytes === null && named !== undefined) throw failure(`${named}: there is no such file`)
  return bytes === null ? null : parseSubmitter(bytes)
}

/** @throws CliError `USAGE` if a form would be anonymous or name the source as its submitter. */
export function checkSubmitter(submitter: Submitter | null, views: readonly CaseView[]): Submitter {
  if (submitter === null)
    throw usageError(
      'the UN takes nothing anonymous: name your organisation with --submitter FILE, or in submitter.txt in the casebook',
    )
  const named = views.find((view) => findsSource([view], submitter))
  if (named !== undefined)
    throw usageError(
      `the submitter is how to reach the source of ${named.id}: name your organisation, never the source`,
    )
  return submitter
}
