import type { Settings } from '../../../config/settings.ts'
import { sharedLayoutOf } from '../../tor/layout.ts'
import { requestOfTor } from '../../tor/requests.ts'
import { onionOf, socksOf } from '../tor-way.ts'
import { probeOnion } from './probe.ts'
import type { RunningOnion } from './start.ts'
import { startOnion } from './start.ts'
import { OnionWatch } from './watch.ts'

/**
 * More frequent than canaries, so that an unreachable onion is noticed within minutes. A probe
 * costs tor only one rendezvous.
 */
const intervalMs = 3 * 60_000
/**
 * Three failed probes are certain within three minutes when tor fails at once. They also outlast
 * the heartbeat of a killed intake.
 */
const retryMs = 30_000
/** Building a circuit to an onion may take a minute. */
const timeoutMs = 90_000

/** Starts to watch the onion; null when there is none. */
export function startOnionFromSettings(
  settings: Settings,
  isIntakeUp: () => Promise<boolean>,
): RunningOnion | null {
  const [socks, askForOnion] = [socksOf(settings), onionOf(settings)]
  if (socks === null || askForOnion === null) return null
  const { torDir } = settings
  return startOnion({
    watch: new OnionWatch(),
    isIntakeUp,
    intervalMs,
    retryMs,
    probe: () => probeOnion(socks, askForOnion, timeoutMs),
    restartTor:
      torDir === null ? null : () => requestOfTor(sharedLayoutOf(torDir).request, 'restart'),
  })
}
