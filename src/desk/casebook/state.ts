import type { CaseState } from '../files/case-view.ts'
import { fieldKind, isOwnValue } from './own-fields.ts'
import type { Change } from '../files/case-file.ts'

type SetChange = Extract<Change, { kind: 'set' }>
type PersonMarks = { personId: string | null; confirmed: boolean | null; guide: boolean | null }

/**
 * The state of a case after all its changes, of which later ones override earlier ones. Invalid
 * values of an analyst's own field are ignored: a case file may have been edited by hand.
 */
export function stateOf(changes: readonly Change[]): CaseState {
  const fold = new StateFold()
  for (const change of changes) fold.take(change)
  return fold.state()
}

const emptyOwn = {
  status: 'new' as CaseState['status'],
  tier: null as CaseState['tier'],
  reliability: null as string | null,
  assigned: null as string | null,
  deadline: null as string | null,
  group: null as string | null,
  title: null as string | null,
}

class StateFold {
  readonly #own = { ...emptyOwn }
  #readAt: string | null = null
  #reachedTier: CaseState['reachedTier'] = null
  readonly #corrections = new Map<string, SetChange>()
  readonly #persons = new Map<number, PersonMarks>()
  readonly #notes: Extract<Change, { kind: 'note' }>[] = []
  readonly #links = new Map<string, Extract<Change, { kind: 'link' }>>()
  readonly #contacts: Extract<Change, { kind: 'contact' }>[] = []
  readonly #consent = new Map<string, Extract<Change, { kind: 'consent' }>>()
  readonly #formAnswers = new Map<string, string>()
  readonly #confirmations = new Map<string, Extract<Change, { kind: 'confirm' }>>()
  readonly #releases = new Map<string, Extract<Change, { kind: 'release' }>>()

  take(change: Change): void {
    switch (change.kind) {
      case 'set':
        return this.#set(change)
      case 'note':
        return void this.#notes.push(change)
      case 'link':
        return void this.#links.set(change.to, change)
      case 'unlink':
        return void this.#links.delete(change.to)
      case 'contact':
        return void this.#contacts.push(change)
      case 'consent':
        return void this.#consent.set(change.recipient, change)
      case 'confirm':
        if (change.sha256 === null) return void this.#confirmations.delete(change.field)
        return void this.#confirmations.set(change.field, change)
      case 'release':
        if (change.as === 'nothing') return void this.#releases.delete(change.file)
        return void this.#releases.set(change.file, change)
      // An answer belongs to the conversation, which may span several tips (`conversationsOf`).
      case 'reply':
      case 'withdraw_reply':
      case 'close_thread':
        return
      case 'tier_reached':
        return this.#reach(change.tier)
    }
  }

  state(): CaseState {
    return {
      ...this.#own,
      readAt: this.#readAt,
      reachedTier: this.#reachedTier,
      corrections: this.#corrections,
      persons: this.#persons,
      notes: this.#notes,
      links: [...this.#links.values()],
      contacts: this.#contacts,
      consent: [...this.#consent.values()],
      formAnswers: this.#formAnswers,
      confirmations: this.#confirmations,
      releases: this.#releases,
    }
  }

  #set(change: SetChange): void {
    const kind = fieldKind(change.field)
    if (kind.of === 'tip') return this.#correct(change)
    if (change.value !== null && !isOwnValue(change.field, change.value)) return
    if (kind.of === 'form') return this.#answer(change.field, change.value)
    if (kind.of === 'person') return this.#mark(kind.index, kind.field, change.value)
    Object.assign(this.#own, { [kind.field]: change.value ?? emptyOwn[kind.field] })
    if (kind.field === 'status' && this.#own.status !== 'new') this.#readAt ??= change.at
  }

  /**
   * The correction set last is applied last. Setting or taking back a correction cancels
   * confirmations of the wording at that path.
   */
  #correct(change: SetChange): void {
    for (const path of this.#confirmations.keys())
      if (overlaps(path, change.field)) this.#confirmations.delete(path)
    this.#corrections.delete(change.field)
    if (change.value !== null) this.#corrections.set(change.field, change)
  }

  #answer(field: string, value: unknown): void {
    if (typeof value === 'string') this.#formAnswers.set(field, value)
    else this.#formAnswers.delete(field)
  }

  #mark(index: number, field: 'person_id' | 'confirmed' | 'guide', value: unknown): void {
    const marks = this.#persons.get(index) ?? { personId: null, confirmed: null, guide: null }
    this.#persons.set(index, { ...marks, [field === 'person_id' ? 'personId' : field]: value })
  }

  #reach(tier: NonNullable<CaseState['reachedTier']>): void {
    if (this.#reachedTier === null || tier < this.#reachedTier) this.#reachedTier = tier
  }
}

/** Whether two paths are equal, or one is inside the other. */
function overlaps(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`)
}
