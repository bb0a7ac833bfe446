import { jittered, wait } from '../jitter.ts'
import type { OnionStatus } from '../health.ts'
import type { ProbeResult } from './probe.ts'
import type { OnionWatch } from './watch.ts'

export interface RunningOnion {
  status(): OnionStatus
  /** Somebody else has come through, so that no probe needs to. */
  proved(): void
  stop: () => void
}

export interface OnionParts {
  watch: OnionWatch
  probe: () => Promise<ProbeResult>
  /** Whether an intake is there and takes tips in; without one tor is not at fault. */
  isIntakeUp: () => Promise<boolean>
  /**
   * Null when no supervisor of tor can be asked. May reject; it is then called again after the
   * next probe.
   */
  restartTor: (() => Promise<void>) | null
  /** About, from a proof to the next probe. */
  intervalMs: number
  /** From a failure to the next one. */
  retryMs: number
}

/**
 * Probes the onion while nothing else proves that it is reachable, and has tor started anew when it
 * is not.
 */
export function startOnion(parts: OnionParts): RunningOnion {
  const stopping = new AbortController()
  void runForEver(parts, stopping.signal)
  return {
    status: () => parts.watch.status(),
    proved: () => parts.watch.proved(performance.now()),
    stop: () => stopping.abort(),
  }
}

async function runForEver(parts: OnionParts, signal: AbortSignal): Promise<void> {
  const { watch, intervalMs, retryMs } = parts
  // The first comes soon: whether a start has made sources welcome is what whoever starts wants to
  // know.
  for (
    let waitMs = retryMs;
    await wait(jittered(waitMs), signal);
    waitMs = watch.isFailing ? retryMs : intervalMs
  ) {
    if (watch.isFailing || watch.sinceProofMs(performance.now()) >= intervalMs) await runOne(parts)
  }
}

async function runOne({ watch, probe, isIntakeUp, restartTor }: OnionParts): Promise<void> {
  const result = await probe()
  if (result === 'reached') return watch.proved(performance.now())
  // tor refuses when the intake does, too.
  if (result === 'unreachable' && !(await isIntakeUp())) return watch.forget()
  watch.failed(result)
  if (restartTor === null || !watch.isRestartDue(performance.now())) return
  await restartTor().then(
    () => watch.restarted(performance.now()),
    () => undefined,
  )
}
