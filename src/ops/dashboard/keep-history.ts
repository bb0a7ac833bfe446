import type { Clock } from '../../time/clock.ts'
import type { Figures } from '../figures.ts'
import type { Health } from '../health.ts'
import type { History } from './history.ts'
import { createHistory } from './history.ts'
import { stateOf } from './state.ts'

/** Often enough that every step is sampled; only the worst sample of a step is kept. */
const defaultLookMs = 60_000

/** Takes samples on a timer, independent of requests. Does not keep the process alive. */
export function keepHistory({
  clock,
  stepMinutes,
  look,
  figures,
  lookMs = defaultLookMs,
}: {
  clock: Clock
  stepMinutes: number
  look: () => Promise<Health>
  figures: () => Figures | null
  lookMs?: number
}): { history: History; note: () => Promise<void>; stop: () => void } {
  const history = createHistory({ clock, stepMinutes })
  const note = async (): Promise<void> => history.note(stateOf(await look()), figures())
  const timer = setInterval(() => void note().catch(() => undefined), lookMs)
  timer.unref()
  return { history, note, stop: () => clearInterval(timer) }
}
