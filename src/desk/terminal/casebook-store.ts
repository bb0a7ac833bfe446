import { appendChanges } from '../casebook/append-changes.ts'
import { checkSet } from '../casebook/check-set.ts'
import type { Actor } from '../custody/record.ts'
import type { CaseView } from '../view/case-view.ts'
import { loadViews } from '../view/load-views.ts'
import type { DeskStore } from './store.ts'

/** The casebook in its folder. Throws what loadViews, appendChanges and checkSet do. */
export function createCasebookStore(actor: Actor): DeskStore {
  let views: readonly CaseView[] = []
  return {
    async load() {
      views = (await loadViews(actor.casebook, actor.now())).views
      return views
    },
    async append(receipt, changes) {
      await appendChanges(actor, receipt, changes)
    },
    async set(receipt, field, text) {
      const tip = views.find((view) => view.receipt === receipt)?.tip ?? null
      const value = text === null ? null : checkSet(tip, field, text)
      await appendChanges(actor, receipt, [{ kind: 'set', field, value }])
    },
  }
}
