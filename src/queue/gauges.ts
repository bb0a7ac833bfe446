import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../time/clock.ts'
import { stepStart } from '../time/steps.ts'

/**
 * Figures that a process publishes about itself. Both change while a large upload arrives, so they
 * are taken per whole step and rounded, even in Redis.
 */
export interface Gauges {
  /** The largest delay of the event loop in the last whole step, rounded up to 10, 100, 1000 … */
  lagMs: number
  /** Memory at the last step boundary, rounded up to multiples of 64 MiB. */
  rssBytes: number
}

const rssPieceBytes = 64 * 1024 * 1024
const maxLagMs = 1_000_000
const maxRssBytes = 2 ** 50

/** How often the delay of the event loop is sampled; shorter delays are not noticed. */
const resolutionMs = 20

/**
 * Returns a function that gives the gauges as of the last step boundary, null before the first. It
 * must be called at least a few times in each step.
 */
export function createGauges(options: { clock: Clock; stepMinutes: number }): () => Gauges | null {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const step = (): number => stepStart(options.clock.now(), options.stepMinutes).getTime()
  let lastStep = step()
  let gauges: Gauges | null = null
  return () => {
    if (step() === lastStep) return gauges
    lastStep = step()
    gauges = {
      lagMs: roundLag(delay.max / 1e6),
      rssBytes: Math.ceil(process.memoryUsage.rss() / rssPieceBytes) * rssPieceBytes,
    }
    delay.reset()
    return gauges
  }
}

function roundLag(ms: number): number {
  return Math.min(maxLagMs, 10 ** Math.max(1, Math.ceil(Math.log10(ms))))
}

/** Null for anything that `beat` would not have written. Never throws. */
export function parseGauges(text: string): Gauges | null {
  try {
    const { lagMs, rssBytes } = JSON.parse(text) as { lagMs?: unknown; rssBytes?: unknown }
    return isUpTo(lagMs, maxLagMs) && isUpTo(rssBytes, maxRssBytes) ? { lagMs, rssBytes } : null
  } catch {
    return null
  }
}

function isUpTo(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max
}
