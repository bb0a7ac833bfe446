import { checkField, checkSet } from '../../desk/casebook/check-set.ts'
import { fieldKind } from '../../desk/casebook/own-fields.ts'
import type { CaseView } from '../../desk/files/case-view.ts'
import { changeCase } from '../../desk/view/change-case.ts'
import { loadView } from '../../desk/view/load-views.ts'
import { printable } from '../../desk/text/printable.ts'
import { actorOf, asUsage, changeOptions, findCasebook, reasonOption } from './find-casebook.ts'
import { refreshAfterChange } from './refresh-and-repair.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'

export const caseSet = defineCommand({
  name: 'case set',
  summary: "set one of a case's fields, or correct the tip",
  usage: 'ID FIELD VALUE [--reason TEXT] [--by NAME] [--json-value] [--casebook DIR]',
  help: `FIELD is one of the analyst's own
  status       new, read, acting, waiting, closed
  tier         0 to 3, in place of the computed one
  reliability  highly_reliable, likely_reliable, unsure, likely_unreliable, highly_unreliable, unknown
  assigned, deadline (a day), group (a name), title
  persons.0.person_id   the same one in several cases: one human being
  persons.0.confirmed, persons.0.guide   yes or no
  law, why_arbitrary, ordered_by, warrant_issuer, duration, held_by, detention_reasons,
  detention_law, remedies, persons.0.occupation, persons.0.address, persons.0.id_issued
               answers to questions of UN forms that no tip answers
or a field of the tip, such as event.detained_when or persons.0.status: a correction, the source's
own words stay in tip.json. persons.0 is the first person. Write commas between the entries of a
list, and a value that starts with a dash after "--".

  tumen case set 1a2b status read
  tumen case set 1a2b event.detained_when 2017-11-04 --reason "the brother was there"`,
  options: {
    ...changeOptions,
    ...reasonOption,
    'json-value': { type: 'boolean', about: 'VALUE is JSON: for groups and lists of groups' },
  },
  positionals: { min: 3, max: 3 },
  async run(context, values, [id = '', field = '', text = '']) {
    const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
    const view = await loadView(actor.casebook, id, actor.now())
    const value = await asUsage(() =>
      checkSet(view.tip, field, text, { isJson: values['json-value'] === true }),
    )
    const reason = values.reason === undefined ? {} : { reason: values.reason }
    await asUsage(() => changeCase(actor, view, [{ kind: 'set', field, value, ...reason }]))
    printLine(
      context,
      `${view.id}: ${field} is ${printable(typeof value === 'string' ? value : JSON.stringify(value), { maxCharacters: 200 })}`,
    )
    return await refreshAfterChange(context, actor, values['no-refresh'])
  },
})

export const caseUnset = defineCommand({
  name: 'case unset',
  summary: "undo what was set: the source's own words count again",
  usage: 'ID FIELD [--reason TEXT] [--by NAME] [--casebook DIR]',
  options: { ...changeOptions, ...reasonOption },
  positionals: { min: 2, max: 2 },
  async run(context, values, [id = '', field = '']) {
    const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
    const view = await loadView(actor.casebook, id, actor.now())
    await asUsage(() => checkField(field))
    if (!isSet(view, field))
      throw usageError(`${field} was not set in ${view.id}: there is nothing to take back`)
    const reason = values.reason === undefined ? {} : { reason: values.reason }
    await asUsage(() => changeCase(actor, view, [{ kind: 'set', field, value: null, ...reason }]))
    printLine(context, `${view.id}: ${field} is taken back`)
    return await refreshAfterChange(context, actor, values['no-refresh'])
  },
})

function isSet({ state, changes }: CaseView, field: string): boolean {
  if (fieldKind(field).of === 'tip') return state.corrections.has(field)
  const last = changes.findLast((change) => change.kind === 'set' && change.field === field)
  return last?.kind === 'set' && last.value !== null
}
