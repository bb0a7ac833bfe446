import type { Actor } from '../../desk/custody/record.ts'
import { disclose, isWithheld } from '../../desk/disclose/disclose.ts'
import type { Disclosed, Withheld } from '../../desk/disclose/disclosed.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import { loadView, loadViews } from '../../desk/view/load-views.ts'
import { consentRecipients } from '../../tip/codes.ts'
import type { ConsentRecipient } from '../../tip/consent.ts'
import {
  actorOf,
  byOption,
  casebookOption,
  findCasebook,
  jsonOption,
} from '../case/find-casebook.ts'
import type { CliContext } from '../frame/context.ts'
import { printNote } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'

/** What every report and export asks for. */
export const reportOptions = {
  ...casebookOption,
  ...byOption,
  output: {
    type: 'string',
    short: 'o',
    value: 'PATH',
    about: 'where to write; nothing is replaced',
  },
  ...jsonOption,
} as const

export const recipientOption = {
  for: {
    type: 'string',
    value: 'RECIPIENT',
    about: `who gets it: ${consentRecipients.join(', ')}`,
  },
} as const

export interface Selection {
  casebook: string
  actor: Actor
  now: Date
  views: CaseView[]
}

/** The cases named, or all. @throws CliError; CasebookError for a case that is not there. */
export async function selectCases(
  context: CliContext,
  values: { casebook?: string | undefined; by?: string | undefined },
  ids: readonly string[],
): Promise<Selection> {
  const casebook = await findCasebook(context, values.casebook)
  const actor = actorOf(context, casebook, values.by)
  const now = context.clock.now()
  if (ids.length === 0)
    return { casebook, actor, now, views: (await loadViews(casebook, now)).views }
  const views: CaseView[] = []
  for (const id of ids) views.push(await loadView(casebook, id, now))
  return { casebook, actor, now, views }
}

/** @throws CliError `USAGE`: consent is given for one recipient, so there is no default. */
export function readRecipient(text: string | undefined): ConsentRecipient {
  const recipient = consentRecipients.find((known) => known === text)
  if (recipient === undefined)
    throw usageError(`--for RECIPIENT is needed: one of ${consentRecipients.join(', ')}`)
  return recipient
}

/** What the recipient may be told, and what not. */
export function discloseAll(
  views: readonly CaseView[],
  recipient: ConsentRecipient,
): { told: { view: CaseView; disclosed: Disclosed }[]; withheld: Withheld[] } {
  const told: { view: CaseView; disclosed: Disclosed }[] = []
  const withheld: Withheld[] = []
  for (const view of views) {
    const disclosed = disclose(view, recipient)
    if (isWithheld(disclosed)) withheld.push(disclosed)
    else told.push({ view, disclosed })
  }
  return { told, withheld }
}

/** Silence is no consent: each case that stays is named, with what would change that. */
export function noteWithheld(
  context: Pick<CliContext, 'stderr'>,
  withheld: readonly Withheld[],
): void {
  if (withheld.length > 0)
    printNote(
      context,
      `${withheld.length} ${withheld.length === 1 ? 'case stays' : 'cases stay'} inside:`,
    )
  for (const { id, code, detail } of withheld) printNote(context, `  ${id}: ${code}: ${detail}`)
}
