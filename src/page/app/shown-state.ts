import { emptyDraft, isEmpty } from './draft.ts'
import type { PageEnvironment } from './page-environment.ts'
import type { AppState } from './state.ts'

/** The state of the app, drawn whenever it changes. */
export class ShownState {
  #current: AppState
  readonly #environment: PageEnvironment
  readonly #draw: (state: AppState) => void
  /** The person has left the page: results that still arrive must neither draw nor ask anything. */
  #isGone = false

  constructor(initial: AppState, environment: PageEnvironment, draw: (state: AppState) => void) {
    this.#current = initial
    this.#environment = environment
    this.#draw = draw
  }

  get current(): AppState {
    return this.#current
  }

  change(change: Partial<AppState>): void {
    if (this.#isGone) return
    this.#current = { ...this.#current, ...change }
    this.#environment.guardLeaving(!isOverWithoutLoss(this.#current))
    this.#draw(this.#current)
  }

  focus(id: string): void {
    this.#environment.focus(id)
  }

  /** Removes from memory what the person wrote, without drawing anything. */
  forget(): void {
    this.#current = {
      ...this.#current,
      draft: emptyDraft,
      screen: { at: 'cleared' },
      words: null,
      hasThread: false,
      followUp: null,
    }
  }

  leave(): void {
    this.#isGone = true
    this.#environment.guardLeaving(false)
    this.#environment.leave()
  }
}

const isOverWithoutLoss = ({ screen, draft }: AppState): boolean =>
  screen.at === 'cleared' || ((screen.at === 'form' || screen.at === 'answers') && isEmpty(draft))
