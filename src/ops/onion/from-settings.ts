import type { Settings } from '../../../config/settings.ts'
import { sharedLayoutOf } from '../../tor/layout.ts'
import { requestOfTor } from '../../tor/requests.ts'
import { onionOf, socksOf } from '../tor-way.ts'
import { probeOnion } from './probe.ts'
import type { RunningOnion } from './start.ts'
import { startOnion } from './start.ts'
import { OnionWatch } from './watch.ts'

/**
 * Sooner than the canary, so that a silent onion is known within minutes; a rendezvous each is
 * little for tor.
 */
const intervalMs = 3 * 60_000
/**
 * Three in a row are sure within three minutes, when tor says no at once; and they outlast the
 * heartbeat of an intake that was killed.
 */
const retryMs = 30_000
/** A circuit to an onion may take a minute to build. */
const timeoutMs = 90_000

/** Null when there is no onion. */
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
