import type { CanaryNotes } from '../../canary/notes.ts'
import type { CanaryStatus } from '../health.ts'
import { jittered, wait } from '../jitter.ts'
import { CanaryError, type CanaryErrorCode } from './errors.ts'
import type { CanaryParts } from './run-canary.ts'
import { runCanary } from './run-canary.ts'
import { CanaryWatch } from './watch.ts'

export interface RunningCanary {
  status(): CanaryStatus
  /** Resolves when the canary that is under way is given to the worker. */
  stop: () => Promise<void>
}

/**
 * After one that did not arrive the next comes sooner, at first: trouble must be noticed, and its
 * end too.
 */
const firstRetryMs = 30_000
/** The first comes soon, once everything has started. */
const firstShare = 0.25

/** Failures that the next canary may not meet again. */
const temporary: ReadonlySet<CanaryErrorCode> = new Set(['UNSENT', 'UNCERTAIN', 'NOT_NOW'])

/** Status `off`. The worker still removes what an earlier ops process left behind. */
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
 * A killed process may have left canaries at any step; what never arrives expires.
 * @returns false when the disk is sick: ops must start all the same, to say so.
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
