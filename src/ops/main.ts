import { SettingsError, loadSettings } from '../../config/settings.ts'
import type { Settings } from '../../config/settings.ts'
import { TokenFileError, readTokenFile } from '../../config/token-file.ts'
import { QueueError } from '../queue/errors.ts'
import { systemClock } from '../time/clock.ts'
import { onSupervisorGone } from '../supervise/child.ts'
import { startCanaryFromSettings } from './canary/from-settings.ts'
import { OpsError, listenForOps } from './listen.ts'
import { startNotifyFromSettings } from './notify/from-settings.ts'
import { startOnionFromSettings } from './onion/from-settings.ts'
import { startOps } from './start.ts'

/** Exit status for a wrong configuration: a restart would not help. */
const refusedStatus = 2

async function serve(settings: Settings): Promise<void> {
  const clock = systemClock
  const token = settings.opsTokenFile === null ? null : readTokenFile(settings.opsTokenFile)
  const ops = await startOps({
    settings,
    clock,
    token,
    startCanary: (parts) => startCanaryFromSettings(settings, { ...parts, clock }),
    startOnion: (isIntakeUp) => startOnionFromSettings(settings, isIntakeUp),
    startNotify: (read) => startNotifyFromSettings(settings, { clock, read }),
  })
  const server = await listenForOps(ops.app, settings.opsListen)
  onceToldToStop(() => {
    ops.stop()
    server.close(() => process.exit(0))
    server.closeAllConnections()
  })
  process.send?.({ ready: true })
}

function onceToldToStop(stop: () => void): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  onSupervisorGone(stop)
}

try {
  await serve(loadSettings(process.env))
} catch (error) {
  const isConfiguration =
    error instanceof SettingsError ||
    error instanceof OpsError ||
    error instanceof TokenFileError ||
    error instanceof QueueError
  process.stderr.write(`ops: ${error instanceof Error ? error.message : 'could not start'}\n`)
  process.exit(isConfiguration ? refusedStatus : 1)
}
