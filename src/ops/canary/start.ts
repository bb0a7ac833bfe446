import type { CanaryNotes } from '../../canary/notes.ts'
import type { CanaryStatus } from '../health.ts'
import { jittered, wait } from '../jitter.ts'
import { CanaryError, type CanaryErrorCode } from './errors.ts'
import type { CanaryParts } from './run-canary.ts'
import { runCanary } from './run-canary.ts'
import { CanaryWatch } from './watch.ts'

export interface RunningCanary {
  status(): CanaryStatus
  /** Resolves when the current canary has been left to the worker to remove. */
  stop: () => Promise<void>
}

/**
 * After a failed canary the first retries come sooner, so that both a fault and its end are
 * noticed.
 */
const firstRetryMs = 30_000
/** Share of the interval before the first canary, which comes soon after the start. */
const firstShare = 0.25

/** Failures that may not occur again at the next attempt. */
const temporary: ReadonlySet<CanaryErrorCode> = new Set(['UNSENT', 'UNCERTAIN', 'NOT_NOW'])

/**
 * Starts to send canaries. Without them the status is `off`, and the worker still removes canaries
 * that an earlier ops process left behind.
 */
export async function startCanary(
  parts: (CanaryParts & { intervalMs: number }) | null,
  notes: CanaryNotes,
): Promise<RunningCanary> {
  const isPrepared = await prepare(notes)
  if (parts === null)
    return {
      status: () => ({ state: 'off', undelivered: 0, latencyBand: null }),
      stop: async () => {},
    }
  const watch = new CanaryWatch()
  const stopping = new AbortController()
  const running = runForEver({ ...parts, isPrepared }, watch, stopping.signal)
  return {
    status: () => watch.status(performance.now()),
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/**
 * Finishes canaries that a killed process left at any step; those that never arrive expire.
 * @returns false when the disk fails: ops must start nevertheless, to report it.
 */
async function prepare(notes: CanaryNotes): Promise<boolean> {
  try {
    await notes.create()
    for (const { receipt, state } of await notes.list())
      if (state === 'sent') await notes.finish(receipt)
    return true
  } catch {
    return false
  }
}

type LoopParts = CanaryParts & { intervalMs: number; isPrepared: boolean }

async function runForEver(
  parts: LoopParts,
  watch: CanaryWatch,
  signal: AbortSignal,
): Promise<void> {
  let { isPrepared } = parts
  let waitMs = jittered(parts.intervalMs * firstShare)
  while (await wait(waitMs, signal)) {
    isPrepared ||= await prepare(parts.notes)
    await runOne(parts, watch, signal)
    const { failures } = watch
    waitMs = jittered(
      failures === 0
        ? parts.intervalMs
        : Math.min(parts.intervalMs, firstRetryMs * 2 ** (failures - 1)),
    )
  }
}

async function runOne(parts: CanaryParts, watch: CanaryWatch, signal: AbortSignal): Promise<void> {
  watch.begun(performance.now())
  try {
    await runCanary(parts, signal)
    watch.arrived(performance.now())
  } catch (error) {
    const isTemporary = error instanceof CanaryError && temporary.has(error.code)
    if (!signal.aborted) watch.failed(!isTemporary)
  }
}
