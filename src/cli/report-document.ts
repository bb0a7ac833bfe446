import type { ReportDocument } from '../desk/report/document.ts'
import { renderHtml } from '../desk/report/render-html.ts'
import type { ReportLanguage } from '../desk/report/words/words.ts'
import { reportLanguages } from '../desk/report/words/words.ts'
import { oneOf } from './case-context.ts'
import { usageError } from './errors.ts'

export const languageOption = {
  lang: { type: 'string', value: 'LANG', about: `${reportLanguages.join(', ')} (default: en)` },
} as const

/** @throws CliError `USAGE`. */
export function readLanguage(typed: string | undefined): ReportLanguage {
  return typed === undefined ? 'en' : oneOf(reportLanguages, typed, '--lang')
}

/**
 * What draws the document that a file's name asks for. @throws CliError `USAGE`, before any work.
 */
export function rendererFor(
  path: string,
): (report: ReportDocument) => Promise<Uint8Array | string> {
  if (/\.html$/i.test(path)) return async (report) => renderHtml(report)
  // A megabyte of library, for those who ask for it.
  if (/\.docx$/i.test(path))
    return async (report) =>
      await (await import('../desk/report/render-docx.ts')).renderDocx(report)
  throw usageError('-o FILE ends in .html or .docx')
}
