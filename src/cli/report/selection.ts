import type { Account } from '../../desk/disclose/account.ts'
import { isWithheld, review } from '../../desk/disclose/disclose.ts'
import type { Disclosed, Withheld } from '../../desk/disclose/disclosed.ts'
import { othersOfCase } from '../../desk/disclose/tips-of-case.ts'
import type { Actor } from '../../desk/custody/record.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import { loadViews, resolveCase } from '../../desk/view/load-views.ts'
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
import { usageError } from '../frame/errors.ts'

/** The options that every report and export has. */
export const reportOptions = {
  ...casebookOption,
  ...byOption,
  output: {
    type: 'string',
    short: 'o',
    value: 'PATH',
    about: 'where to write; an existing file is never replaced',
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
  /** The chosen cases. */
  views: CaseView[]
  /** Returns the other tips of a tip's case, whether chosen or not. */
  othersOf: (view: CaseView) => readonly CaseView[]
}

/**
 * The named cases, or all of them. The whole casebook is read, because another tip of a case may
 * forbid what this one allows.
 * @throws CliError; CasebookError for a case that does not exist.
 */
export async function selectCases(
  context: CliContext,
  values: { casebook?: string | undefined; by?: string | undefined },
  ids: readonly string[],
): Promise<Selection> {
  const casebook = await findCasebook(context, values.casebook)
  const actor = actorOf(context, casebook, values.by)
  const now = context.clock.now()
  const all = (await loadViews(casebook, now)).views
  const othersOf = othersOfCase(all)
  if (ids.length === 0) return { casebook, actor, now, views: all, othersOf }
  const chosen = new Set<string>()
  for (const id of ids) chosen.add(await resolveCase(casebook, id))
  const byReceipt = new Map(all.map((view) => [view.receipt, view]))
  const views = [...chosen].flatMap((receipt) => byReceipt.get(receipt) ?? [])
  return { casebook, actor, now, views, othersOf }
}

/**
 * The recipient of a report. Consent is given for one recipient, so there is no default.
 * @throws CliError `USAGE`.
 */
export function readRecipient(text: string | undefined): ConsentRecipient {
  const recipient = consentRecipients.find((known) => known === text)
  if (recipient === undefined)
    throw usageError(`--for RECIPIENT is needed: one of ${consentRecipients.join(', ')}`)
  return recipient
}

/** A case that may go to a recipient, with the account for the analyst. */
export interface ToldCase {
  view: CaseView
  disclosed: Disclosed
  account: Account
}

/** Reviews each case for one recipient. */
export function discloseAll(
  { views, othersOf }: Pick<Selection, 'views' | 'othersOf'>,
  recipient: ConsentRecipient,
): { told: ToldCase[]; withheld: Withheld[] } {
  const told: ToldCase[] = []
  const withheld: Withheld[] = []
  for (const view of views) {
    const { result, account } = review(view, recipient, othersOf(view))
    if (isWithheld(result)) withheld.push(result)
    else told.push({ view, disclosed: result, account })
  }
  return { told, withheld }
}
