import { setTimeout as sleep } from 'node:timers/promises'
import { defaultBackoff } from '../supervise/backoff.ts'
import { createUnit } from '../supervise/unit.ts'
import { publishOnionName } from './address.ts'
import type { SharedLayout, TorLayout } from './layout.ts'
import { takeRequest } from './requests.ts'
import type { TorUnit } from './tor-unit.ts'

export interface RunTorOptions {
  tor: TorUnit
  shared: SharedLayout
  data: TorLayout
  log: (line: string) => void
  stop: AbortSignal
  /** How often to check for requests and for the onion's name. */
  pollMs?: number
}

/** Short enough for a person who waits; each poll only checks for a file. */
const defaultPollMs = 1_000

/**
 * Keeps tor running until `stop` is aborted. Restarts it with back-off when it ends, and when ops
 * requests it because the onion cannot be reached.
 */
export async function runTor({
  tor,
  shared,
  data,
  log,
  stop,
  pollMs = defaultPollMs,
}: RunTorOptions): Promise<void> {
  const unit = createUnit(tor.spec, { log, onRefused: () => undefined, backoff: defaultBackoff })
  // A start interrupted by a stop is not a failure.
  unit.start().then(
    () => log('tor is connected'),
    () => undefined,
  )
  // This start already fulfils a request made to an earlier run.
  await takeRequest(shared.request)
  while (!stop.aborted) {
    await publishOnionName(`${data.tips}/hostname`, shared.address)
    const request = await takeRequest(shared.request)
    if (request === 'restart' && tor.restart()) log('tor is restarted, as asked')
    if (request === 'reload') {
      log('tor reads its configuration anew')
      tor.reload()
    }
    await sleep(pollMs, undefined, { signal: stop }).catch(() => undefined)
  }
  await unit.stop()
}
