import type { Account, HeldFile } from '../../desk/disclose/account.ts'
import type { Withheld } from '../../desk/disclose/disclosed.ts'
import { printable } from '../../desk/text/printable.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import type { ConsentRecipient } from '../../tip/consent.ts'
import type { Written } from './write.ts'
import { count } from '../../text/count.ts'

const maxQuoteCharacters = 200

/** A case of a report with its account. */
export interface Accounted {
  view: { id: string }
  account: Account
}

/**
 * Tells the analyst, before a report is written, what it leaves out and why, which words of the
 * source it quotes, and where an analyst's wording repeats the source's.
 */
export function printAccount(
  context: Pick<CliContext, 'stderr'>,
  cases: readonly Accounted[],
  withheld: readonly Withheld[],
): void {
  printWithheld(context, withheld)
  for (const { view, account } of cases) {
    printHeld(context, view.id, account)
    printQuoted(context, view.id, account)
    for (const { path, run } of account.echoes)
      printNote(
        context,
        `${view.id}: ${path} repeats words of the source that nobody confirmed: ${quote(run)}`,
      )
    printFiles(context, view.id, account)
  }
}

/** Lists each case that is withheld completely, and what would change that. */
function printWithheld(context: Pick<CliContext, 'stderr'>, withheld: readonly Withheld[]): void {
  if (withheld.length > 0)
    printNote(context, `${count(withheld.length, 'case stays', 'cases stay')} inside:`)
  for (const { id, code, detail } of withheld) printNote(context, `  ${id}: ${code}: ${detail}`)
}

function printHeld(context: Pick<CliContext, 'stderr'>, id: string, { held }: Account): void {
  if (held.length === 0) return
  printNote(
    context,
    `${id}: left out, as these are words of the source that nobody confirmed: ${held.map((path) => printable(path)).join(', ')}`,
  )
  printNote(context, `  read them with: tumen case confirm ${id}`)
}

function printQuoted(context: Pick<CliContext, 'stderr'>, id: string, { quoted }: Account): void {
  if (quoted.length === 0) return
  printNote(context, `${id}: said in the source's confirmed words:`)
  for (const { path, text } of quoted) printNote(context, `  ${printable(path)}: ${quote(text)}`)
}

const fileReasons: Readonly<Record<HeldFile['why'], string>> = {
  LEVEL: 'consent does not reach files (named_photo)',
  KEPT: 'hidden place and time are still in it',
  CANNOT_BE_CLEANED: 'hidden data cannot be removed from this kind',
  NOT_LOOKED_AT: 'nobody looked for hidden data in it',
}

function printFiles(
  context: Pick<CliContext, 'stderr'>,
  id: string,
  { heldFiles, releasedFiles }: Account,
): void {
  for (const { name, why } of heldFiles) {
    const release =
      why === 'LEVEL' ? '' : `; to release it: tumen case release ${id} FILE --reason WHY`
    printNote(context, `${id}: the file ${quote(name)} is left out: ${fileReasons[why]}${release}`)
  }
  for (const { name, as, reason } of releasedFiles)
    printNote(
      context,
      `${id}: the file ${quote(name)} goes${as === 'copy' ? ' as its Dangerzone copy' : ''}, released: ${quote(reason)}`,
    )
}

function quote(text: string): string {
  return `"${printable(text, { maxCharacters: maxQuoteCharacters })}"`
}

/** The same account as JSON, for programs. */
export function accountJson(cases: readonly Accounted[], withheld: readonly Withheld[]): object {
  return {
    withheld: withheld.map(({ id, code, detail }) => ({ id, code, detail })),
    left_out: cases.map(({ view, account }) => ({
      id: view.id,
      fields: account.held,
      files: account.heldFiles,
    })),
    quoted: cases.flatMap(({ view, account }) =>
      account.quoted.map(({ path, text }) => ({ id: view.id, field: path, text })),
    ),
    repeats: cases.flatMap(({ view, account }) =>
      account.echoes.map(({ path, run }) => ({ id: view.id, field: path, text: run })),
    ),
  }
}

/**
 * Prints what a report command wrote, for people or as JSON.
 * @returns exit status 1 if a case was withheld.
 */
export function endReport(
  context: Pick<CliContext, 'stdout'>,
  isJson: boolean,
  report: {
    written: readonly Written[]
    told: readonly Accounted[]
    withheld: readonly Withheld[]
    /** Lines for people, one for each file that was written. */
    lines: readonly string[]
  },
): number {
  const { written, told, withheld, lines } = report
  if (isJson) printJson(context, { written, cases: told.length, ...accountJson(told, withheld) })
  else for (const line of lines) printLine(context, line)
  return withheld.length === 0 ? 0 : 1
}

/** A count of cases and their recipient, such as `3 cases for ngo`. */
export function casesFor(told: readonly Accounted[], recipient: ConsentRecipient): string {
  return `${count(told.length, 'case')} for ${recipient}`
}
