import type { Clock } from '../../time/clock.ts'
import type { Figures } from '../figures.ts'
import type { State } from './state.ts'
import { worstOf } from './state.ts'

/** The history of one step: its worst state, and the counts as they were published. */
export interface Past {
  state: State
  spool: number | null
  vault: number | null
}

/**
 * Published history, in memory only and no more exact than the published figures: one entry for
 * each step, with rounded counts.
 */
export interface History {
  note: (state: State, figures: Figures | null) => void
  /** Cells from the oldest to the current one. Null if nothing is known about that time. */
  cells(options: { hours: number; cellMinutes: number }): Array<Past | null>
}

const keptHours = 7 * 24
const minuteMs = 60_000

export function createHistory({
  clock,
  stepMinutes,
}: {
  clock: Clock
  stepMinutes: number
}): History {
  const steps = new Map<number, Past>()
  const stepNow = (): number => Math.floor(clock.now().getTime() / (stepMinutes * minuteMs))
  return {
    note(state, figures) {
      const step = stepNow()
      const before = steps.get(step)
      steps.set(step, {
        state: before === undefined ? state : worstOf(before.state, state),
        spool: figures?.spool?.envelopes ?? null,
        vault: figures?.vault?.envelopes ?? null,
      })
      // Also removes entries that are in the future because the clock was set back.
      for (const kept of steps.keys())
        if (kept > step || kept <= step - (keptHours * 60) / stepMinutes) steps.delete(kept)
    },
    cells({ hours, cellMinutes }) {
      const stepsPerCell = Math.max(1, Math.round(cellMinutes / stepMinutes))
      const count = Math.ceil((hours * 60) / (stepsPerCell * stepMinutes))
      const last = Math.floor(stepNow() / stepsPerCell)
      return Array.from({ length: count }, (_, index) =>
        mergeSteps(steps, (last - count + 1 + index) * stepsPerCell, stepsPerCell),
      )
    },
  }
}

function mergeSteps(steps: ReadonlyMap<number, Past>, first: number, count: number): Past | null {
  let merged: Past | null = null
  for (let step = first; step < first + count; step += 1) {
    const past = steps.get(step)
    if (past === undefined) continue
    merged =
      merged === null
        ? past
        : {
            state: worstOf(merged.state, past.state),
            spool: larger(merged.spool, past.spool),
            vault: larger(merged.vault, past.vault),
          }
  }
  return merged
}

function larger(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}
