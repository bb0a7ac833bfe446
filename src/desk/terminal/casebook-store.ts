import type { ChangeDraft } from '../casebook/append-changes.ts'
import { CasebookError } from '../files/errors.ts'
import { checkSet } from '../casebook/check-set.ts'
import type { Actor } from '../custody/record.ts'
import type { CaseView } from '../files/case-view.ts'
import { withAlikeCases } from '../people/alike-cases.ts'
import { findDuplicates } from '../people/duplicates.ts'
import { prepareAnswer } from '../replies/prepare-answer.ts'
import { changeCase } from '../view/change-case.ts'
import { loadViews } from '../view/load-views.ts'
import type { DeskStore } from './store.ts'

/** The casebook in its folder. Throws what `loadViews`, `changeCase` and `checkSet` throw. */
export function createCasebookStore(actor: Actor): DeskStore {
  let views: readonly CaseView[] = []
  const markAlike = alikeMarker()
  const change = async (receipt: string, changes: readonly ChangeDraft[]) => {
    const view = views.find((each) => each.receipt === receipt)
    if (view === undefined)
      throw new CasebookError('CASE_UNKNOWN', 'this case is no longer in the casebook')
    await changeCase(actor, view, changes)
  }
  return {
    async load() {
      const loaded = (await loadViews(actor.casebook, actor.now())).views
      views = markAlike(loaded)
      return views
    },
    append: change,
    async prepareAnswer(receipt) {
      const view = views.find((each) => each.receipt === receipt)
      return await prepareAnswer(actor.casebook, view?.conversation?.replyTo ?? null)
    },
    async set(receipt, field, text) {
      const tip = views.find((view) => view.receipt === receipt)?.tip ?? null
      const value = text === null ? null : checkSet(tip, field, text)
      await change(receipt, [{ kind: 'set', field, value }])
    },
  }
}

/**
 * Marks the cases that are perhaps the same. All pairs are compared again only if a person has
 * changed, because that takes seconds in a casebook of thousands.
 */
function alikeMarker(): (views: readonly CaseView[]) => CaseView[] {
  let known = { persons: '', candidates: findDuplicates([]) }
  return (views) => {
    const persons = JSON.stringify(views.map(({ receipt, persons: each }) => [receipt, each]))
    if (persons !== known.persons) known = { persons, candidates: findDuplicates(views) }
    return withAlikeCases(views, known.candidates)
  }
}
