import { othersOfCase } from '../../desk/disclose/tips-of-case.ts'
import type { Wording } from '../../desk/disclose/wordings.ts'
import { confirmDraft, wordingsOf } from '../../desk/disclose/wordings.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import { changeCase } from '../../desk/view/change-case.ts'
import { loadViews, resolveCase } from '../../desk/view/load-views.ts'
import { printable } from '../../desk/text/printable.ts'
import { checkField } from '../../desk/casebook/check-set.ts'
import type { Actor } from '../../desk/custody/record.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { actorOf, asUsage, changeOptions, findCasebook, jsonOption } from './find-casebook.ts'
import { refreshAfterChange } from './refresh-and-repair.ts'

export const caseConfirm = defineCommand({
  name: 'case confirm',
  summary: "read the source's wordings that reports would use, and confirm those that may leave",
  usage: 'ID [FIELD…] [--take-back] [--by NAME] [--json] [--casebook DIR]',
  help: `Without FIELD: lists every wording that a report would use, and whether it may leave.
With FIELD, such as persons.0.names.0.text, or a group such as event.where_taken: confirms what the source wrote there.
From then on reports may say it word for word, as far as consent goes. Ask yourself first: could
these words show who the source is? If so, write your own with "tumen case set". Codes, numbers and
dates need no confirmation.
A confirmation is of the words you read: after a correction, or after the case is merged with another
tip, confirm again.`,
  options: {
    ...changeOptions,
    ...jsonOption,
    'take-back': { type: 'boolean', about: 'the words of FIELD may not leave any more' },
  },
  positionals: { min: 1, max: 1_000 },
  async run(context, values, [id = '', ...fields]) {
    const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
    const { view, others } = await loadCase(actor, id)
    const wordings = wordingsOf(view, others)
    if (fields.length === 0) {
      if (values.json === true) printJson(context, { id: view.id, wordings: wordings.map(toJson) })
      else printWordings(context, view, wordings)
      return 0
    }
    const chosen: Wording[] = []
    for (const field of fields)
      chosen.push(...(await asUsage(() => wordingsAt(view, wordings, field))))
    const isTakenBack = values['take-back'] === true
    const drafts = chosen.map((found) =>
      isTakenBack
        ? { kind: 'confirm' as const, field: found.path, sha256: null }
        : confirmDraft(view, others, found),
    )
    await asUsage(() => changeCase(actor, view, drafts))
    for (const { path, text } of chosen)
      printLine(
        context,
        `${view.id}: ${path} ${isTakenBack ? 'is no longer confirmed' : 'is confirmed'}: ${quote(text)}`,
      )
    return await refreshAfterChange(context, actor, values['no-refresh'])
  },
})

/** A case, and the other tips of the casebook that belong to the same case. */
export async function loadCase(
  actor: Actor,
  id: string,
): Promise<{ view: CaseView; others: readonly CaseView[] }> {
  const receipt = await resolveCase(actor.casebook, id)
  const { views } = await loadViews(actor.casebook, actor.now())
  const view = views.find((each) => each.receipt === receipt)
  if (view === undefined) throw failure('this case is no longer in the casebook')
  return { view, others: othersOfCase(views)(view) }
}

/**
 * The confirmable wordings of a field, or of the fields inside a group.
 * @throws CliError, CasebookError.
 */
function wordingsAt(view: CaseView, wordings: readonly Wording[], field: string): Wording[] {
  const inside = wordings.filter(({ path }) => path === field || path.startsWith(`${field}.`))
  const found = inside.filter(({ provenance }) => provenance !== 'analyst')
  if (found.length > 0) return found
  checkField(field)
  if (inside.length > 0)
    throw usageError(`${field} is in an analyst's words already: it needs no confirmation`)
  if (/^(?:source|consent_meta|attachments\.\d+\.(?:note|original_name))(?:\.|$)/u.test(field))
    throw usageError(`${field} never leaves the desk: there is nothing to confirm`)
  throw usageError(`${field} of ${view.id} has no words of the source that a report would use`)
}

const states: Readonly<Record<Wording['provenance'], string>> = {
  source: 'STAYS  ',
  derived: 'STAYS  ',
  confirmed: 'may go ',
  analyst: 'ours   ',
}

function printWordings(context: CliContext, view: CaseView, wordings: readonly Wording[]): void {
  if (wordings.length === 0) printNote(context, `${view.id}: no report would use any words of it`)
  for (const { path, text, provenance } of wordings)
    printLine(context, `${states[provenance]} ${printable(path)}: ${quote(text)}`)
  const open = wordings.filter(({ provenance }) => provenance === 'source')
  if (open.length > 0)
    printNote(
      context,
      `${open.length} of ${wordings.length} stay; to let one go: tumen case confirm ${view.id} ${printable(open[0]?.path ?? '')}`,
    )
}

function quote(text: string): string {
  return `"${printable(text)}"`
}

function toJson({ path, text, provenance }: Wording) {
  return { field: path, text, provenance }
}
