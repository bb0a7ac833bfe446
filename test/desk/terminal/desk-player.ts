import { draw } from '../../../src/desk/terminal/draw.ts'
import type { DeskEvent, Effect, Key } from '../../../src/desk/terminal/events.ts'
import { reduce } from '../../../src/desk/terminal/reduce.ts'
import type { DeskState } from '../../../src/desk/terminal/state.ts'
import { startState } from '../../../src/desk/terminal/state.ts'
import { FakeStore, preparedAnswer } from './fake-store.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'

export const startOfDay = Date.parse('2017-11-05T10:00:00Z')

/**
 * Drives the desk without a terminal: takes events, returns lines, and performs effects at once.
 */
export class DeskPlayer {
  readonly store: FakeStore
  readonly done: Effect[] = []
  state: DeskState

  constructor(views: readonly CaseView[], columns = 80, rows = 24) {
    this.store = new FakeStore(views)
    this.state = startState('kim', columns, rows)
    this.play({ kind: 'loaded', views: this.store.views, now: startOfDay })
  }

  play(event: DeskEvent): this {
    const { state, effects } = reduce(this.state, event)
    this.state = state
    for (const effect of effects) this.#perform(effect)
    return this
  }

  /**
   * Presses keys. Special keys are named in angle brackets, all others are typed: `e<return>text`.
   */
  press(keys: string): this {
    for (const [, name, text] of keys.matchAll(/<([a-z-]+)>|(.)/gsu)) this.play(keyOf(name, text))
    return this
  }

  lines(): string[] {
    return draw(this.state).lines.map((line) => line.replace(/\u{1B}\[[0-9;]*m/gu, ''))
  }

  text(): string {
    return this.lines().join('\n')
  }

  #perform(effect: Effect): void {
    this.done.push(effect)
    if (effect.kind === 'suspend' || effect.kind === 'quit') return
    if (effect.kind === 'prepare-answer') {
      const { receipt } = effect
      this.play({ kind: 'answer-prepared', receipt, answer: preparedAnswer })
      return
    }
    try {
      if (effect.kind === 'save') this.store.appendNow(effect.receipt, effect.changes)
      if (effect.kind === 'set')
        this.store.appendNow(effect.receipt, [
          { kind: 'set', field: effect.field, value: effect.text },
        ])
      this.play({
        kind: effect.kind === 'reload' ? 'loaded' : 'saved',
        views: this.store.views,
        now: startOfDay,
      })
    } catch (error) {
      this.play({ kind: 'failed', why: (error as Error).message })
    }
  }
}

export function keyOf(name: string | undefined, text: string | undefined): Key {
  return name === undefined
    ? { kind: 'key', name: '', text: text ?? '' }
    : { kind: 'key', name, text: '' }
}
