import { jittered, wait } from '../jitter.ts'
import type { OnionStatus } from '../health.ts'
import type { ProbeResult } from './probe.ts'
import type { OnionWatch } from './watch.ts'

export interface RunningOnion {
  status(): OnionStatus
  /** Reports that another connection got through, so that no probe is needed now. */
  proved(): void
  stop: () => void
}

export interface OnionParts {
  watch: OnionWatch
  probe: () => Promise<ProbeResult>
  /** Whether an intake runs and accepts connections; if none does, tor is not at fault. */
  isIntakeUp: () => Promise<boolean>
  /**
   * Null when there is no supervisor of tor to ask. May reject; it is then called again after the
   * next probe.
   */
  restartTor: (() => Promise<void>) | null
  /** Approximate time from a proof to the next probe. */
  intervalMs: number
  /** Approximate time from a failure to the next probe. */
  retryMs: number
}

/**
 * Probes the onion while nothing else proves that it is reachable, and requests a restart of tor
 * when it is not.
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
  // The first probe comes soon, so that an operator who starts Tumen learns whether sources can
  // reach it.
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
  // The connection also fails in tor when the intake refuses it.
  if (result === 'unreachable' && !(await isIntakeUp())) return watch.forget()
  watch.failed(result)
  if (restartTor === null || !watch.isRestartDue(performance.now())) return
  await restartTor().then(
    () => watch.restarted(performance.now()),
    () => undefined,
  )
}
