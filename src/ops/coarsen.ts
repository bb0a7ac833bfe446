/**
 * Makes published figures useless for finding out when a tip arrived: the figures are read only at
 * fixed wall-clock moments, however often clients ask, and are rounded.
 */
import type { Clock } from '../time/clock.ts'
import { stepStart } from '../time/steps.ts'

/** 0 stays 0; any other number is rounded up to 10, 100, 1000 … */
export function roundUp(count: number): number {
  if (count <= 0) return 0
  let rounded = 10
  while (rounded < count) rounded *= 10
  return rounded
}

/** Rounds down to one significant digit: 268435456 becomes 200000000. */
export function roundDown(amount: number): number {
  if (amount < 1) return 0
  const magnitude = 10 ** Math.floor(Math.log10(amount))
  return Math.floor(amount / magnitude) * magnitude
}

/** Rounds down to 0, 1, 2, 4, 8 …: the higher the number, the coarser. */
export function roundDownToPowerOfTwo(steps: number): number {
  return steps < 1 ? 0 : 2 ** Math.floor(Math.log2(steps))
}

const minuteMs = 60_000

/** How long until the next boundary; never 0. */
export function msUntilNextStep(moment: Date, stepMinutes: number): number {
  return stepStart(moment, stepMinutes).getTime() + stepMinutes * minuteMs - moment.getTime()
}

export interface Stepped<T> {
  /** The values read at the last boundary, or at the start; null before the first reading. */
  value: () => T | null
  /** Reads again if a boundary has passed since the last reading, else does nothing. */
  tick(): Promise<void>
}

/** `read` must not reject: it handles figures that it cannot get. */
export function createStepped<T>(options: {
  clock: Clock
  stepMinutes: number
  read: () => Promise<T>
}): Stepped<T> {
  let lastStep: number | null = null
  let value: T | null = null
  let reading: Promise<void> = Promise.resolve()
  return {
    value: () => value,
    tick() {
      const step = stepStart(options.clock.now(), options.stepMinutes).getTime()
      if (step === lastStep) return reading
      lastStep = step
      // Readings run one at a time: listing the vault may take longer than a short step.
      reading = reading.then(async () => {
        value = await options.read()
      })
      return reading
    },
  }
}

/** Ticks at every boundary until stopped. Does not keep the process alive. */
export function runSteps(
  stepped: Stepped<unknown>,
  clock: Clock,
  stepMinutes: number,
): { stop: () => void } {
  let timer: NodeJS.Timeout
  function schedule(): void {
    timer = setTimeout(
      () => {
        void stepped.tick()
        schedule()
      },
      msUntilNextStep(clock.now(), stepMinutes),
    )
    timer.unref()
  }
  schedule()
  return { stop: () => clearTimeout(timer) }
}
