import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { recordCustody } from '../../desk/custody/custody-log.ts'
import type { Actor, CustodyEntry } from '../../desk/custody/record.ts'
import type { CliContext } from '../frame/context.ts'
import { openOutput, withOutput } from '../frame/output.ts'
import type { ReportDocument } from '../../desk/report/document.ts'
import { renderHtml } from '../../desk/report/render-html.ts'
import type { ReportLanguage } from '../../desk/report/words/words.ts'
import { reportLanguages } from '../../desk/report/words/words.ts'
import { oneOf } from '../case/find-casebook.ts'
import { usageError } from '../frame/errors.ts'

export const languageOption = {
  lang: { type: 'string', value: 'LANG', about: `${reportLanguages.join(', ')} (default: en)` },
} as const

/** The language of a report. @throws CliError `USAGE`. */
export function readLanguage(typed: string | undefined): ReportLanguage {
  return typed === undefined ? 'en' : oneOf(reportLanguages, typed, '--lang')
}

/**
 * The renderer for a file name. Called first, so that a wrong name is refused before any work.
 * @throws CliError `USAGE`.
 */
export function rendererFor(
  path: string,
): (report: ReportDocument) => Promise<Uint8Array | string> {
  if (/\.html$/i.test(path)) return async (report) => renderHtml(report)
  // Loaded only when needed, because the library has a megabyte.
  if (/\.docx$/i.test(path))
    return async (report) =>
      await (await import('../../desk/report/render-docx.ts')).renderDocx(report)
  throw usageError('-o FILE ends in .html or .docx')
}

export interface Written {
  path: string
  bytes: number
  sha256: string
}

/**
 * Writes one file, completely or not at all, and records it in the custody log before it gets its
 * name: no report leaves the desk without a line. `about` names the recipient and the kind of
 * content, never anything that a tip says.
 */
export async function writeReport(
  context: CliContext,
  actor: Actor,
  report: {
    path: string
    content: Uint8Array | string
    action: Extract<CustodyEntry['action'], 'report_written' | 'export_written'>
    about: string
  },
): Promise<Written> {
  const bytes =
    typeof report.content === 'string' ? new TextEncoder().encode(report.content) : report.content
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const output = await openOutput(context, { path: report.path, isBinary: true })
  await withOutput(output, async (to) => {
    await to.write(bytes)
    await recordCustody(actor, [
      { action: report.action, item: basename(report.path), sha256, reason: report.about },
    ])
  })
  return { path: report.path, bytes: bytes.length, sha256 }
}
