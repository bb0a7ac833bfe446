import { repairCase } from '../../desk/casebook/repair-case.ts'
import type { Actor } from '../../desk/custody/record.ts'
import { listTipFolders } from '../../desk/view/find-case.ts'
import { resolveCase } from '../../desk/view/load-views.ts'
import { refreshCasebook } from '../../desk/view/refresh.ts'
import { printable } from '../../desk/text/printable.ts'
import { actorOf, byOption, casebookOption, findCasebook } from './find-casebook.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printLine, printNote } from '../frame/context.ts'
import { count } from '../../text/count.ts'

export const caseRefresh = defineCommand({
  name: 'case refresh',
  summary: 'rebuild the index and the pages of the casebook',
  usage: '[--casebook DIR] [--by NAME]',
  help: `Everything in index.sqlite, index.html and site/ is made from the folders of the cases. Run it
once a day: deadlines come closer by themselves, and a case that became more urgent is noted.`,
  options: { ...casebookOption, ...byOption },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
    const { views, problems, raised, pages } = await refreshCasebook(actor)
    for (const { receipt, detail } of problems)
      printNote(
        context,
        printable(`${receipt === null ? 'casebook' : receipt.slice(0, 8)}: ${detail}`),
      )
    printLine(
      context,
      `${count(views.length, 'case')}, ${raised} more urgent than ever before, ${count(pages, 'page')}`,
    )
    return 0
  },
})

export const caseRepair = defineCommand({
  name: 'case repair',
  summary: 'replace a damaged case.json with what can still be read of it',
  usage: 'ID [--casebook DIR] [--by NAME]',
  help: 'The damaged file is kept in aside/. Every recipient is back to "ask first": a refusal may be lost.',
  options: { ...casebookOption, ...byOption },
  positionals: { min: 1, max: 1 },
  async run(context, values, [id = '']) {
    const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
    const receipt = await resolveCase(actor.casebook, id)
    const { keptAs, keptChanges, lostChanges } = await repairCase(actor, receipt)
    const kept = `${count(keptChanges, 'change')} kept, ${lostChanges ?? 'nobody knows how many'} lost; the damaged file is ${keptAs}`
    printLine(context, `${receipt.slice(0, 8)}: ${kept}; ask again who may be told`)
    return await refreshAfterChange(context, actor)
  },
})

/**
 * Refreshing a thousand cases takes a second or two. In a larger casebook than this, a refresh
 * after every change would make each change too slow.
 */
const maxCasesAtOnce = 2_000

/**
 * Updates the index and the pages, or prints how to do so. The change itself is already saved, so a
 * failure here does not undo it.
 * @returns the exit status.
 */
export async function refreshAfterChange(
  context: CliContext,
  actor: Actor,
  isUnwanted = false,
): Promise<number> {
  if (isUnwanted) return 0
  const isLarge = (await listTipFolders(actor.casebook)).receipts.length > maxCasesAtOnce
  if (isLarge) {
    printNote(
      context,
      'the change is saved; this casebook is large: bring its pages up to date with "tumen case refresh" when you are done',
    )
    return 0
  }
  try {
    await refreshCasebook(actor)
  } catch (error) {
    printNote(
      context,
      `the change is saved; the pages were not rebuilt (${printable((error as Error).message)}): try "tumen case refresh"`,
    )
  }
  return 0
}
