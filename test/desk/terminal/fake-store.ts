import type { Change } from '../../../src/desk/files/case-file.ts'
import type { DeskStore, DraftChange } from '../../../src/desk/terminal/store.ts'
import type { CaseState, CaseView } from '../../../src/desk/files/case-view.ts'

const at = '2017-11-05T10:00:00Z'

/** An answer of which nothing is written yet. */
export const preparedAnswer = {
  id: 'ab'.repeat(16),
  language: 'ko',
  texts: [{ name: 'received', text: '쓰신 글을 읽었습니다.' }],
}

/**
 * A casebook in memory. It records saved changes, and applies to its views those that the tests
 * look at.
 */
export class FakeStore implements DeskStore {
  readonly saved: { receipt: string; change: DraftChange }[] = []
  views: CaseView[]
  refusal: string | null = null

  constructor(views: readonly CaseView[]) {
    this.views = [...views]
  }

  async load(): Promise<readonly CaseView[]> {
    return this.views
  }

  async append(receipt: string, changes: readonly DraftChange[]): Promise<void> {
    this.appendNow(receipt, changes)
  }

  async prepareAnswer() {
    return preparedAnswer
  }

  async set(receipt: string, field: string, text: string | null): Promise<void> {
    this.appendNow(receipt, [{ kind: 'set', field, value: text }])
  }

  appendNow(receipt: string, changes: readonly DraftChange[]): void {
    if (this.refusal !== null) throw new Error(this.refusal)
    for (const change of changes) {
      this.saved.push({ receipt, change })
      this.views = this.views.map((view) =>
        view.receipt === receipt ? apply(view, { ...change, at, by: 'kim' }) : view,
      )
    }
  }
}

function apply(view: CaseView, change: Change): CaseView {
  const state: CaseState = { ...view.state }
  if (change.kind === 'set' && change.field === 'status') {
    state.status = (change.value ?? 'new') as CaseState['status']
    state.readAt = state.status === 'new' ? null : at
  }
  if (change.kind === 'set' && change.field === 'title') state.title = change.value as string | null
  if (change.kind === 'note') state.notes = [...state.notes, change]
  if (change.kind === 'link') state.links = [...state.links, change]
  if (change.kind === 'unlink') state.links = state.links.filter(({ to }) => to !== change.to)
  if (change.kind === 'contact') state.contacts = [...state.contacts, change]
  const consent =
    change.kind === 'consent'
      ? view.consent.map((each) =>
          each.recipient === change.recipient
            ? { recipient: change.recipient, level: change.level }
            : each,
        )
      : view.consent
  if (change.kind === 'consent')
    state.consent = [
      ...state.consent.filter(({ recipient }) => recipient !== change.recipient),
      change,
    ]
  return { ...view, state, consent, changes: [...view.changes, change] }
}
