import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../time/clock.ts'
import { stepStart } from '../time/steps.ts'

/**
 * What a process tells about itself. Both move while a large upload comes in, so
 * they are of whole steps and rounded: not even Redis gets to know more.
 */
export interface Gauges {
  /** The worst of the last whole step, up to 10, 100, 1000 … */
  lagMs: number
  /** At the last boundary, up to whole pieces of 64 MiB. */
  rssBytes: number
}

const rssPieceBytes = 64 * 1024 * 1024
const maxLagMs = 1_000_000
const maxRssBytes = 2 ** 50

/** How often the event loop is looked at; what is below this is not seen. */
const resolutionMs = 20

/** Gives the gauges as of the last boundary; call it at least a few times a step. */
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

/** Total: null for whatever was not written by `beat`. */
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
