/**
 * `main.ts TORRC [DATA_DIRECTORY]`: runs tor and keeps it running, in a zone of its own.
 * DATA_DIRECTORY must be the one in the torrc; the default is `/var/lib/tumen-tor`.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SettingsError, loadSettings } from '../../config/settings.ts'
import { onSupervisorGone } from '../supervise/child.ts'
import { TorError } from './errors.ts'
import { sharedLayoutOf, torLayoutOf } from './layout.ts'
import { runTor } from './run-tor.ts'
import { torUnit } from './tor-unit.ts'

/** Exit status for a wrong configuration: a restart would not help. */
const refusedStatus = 2
const defaultTorrc = 'config/torrc'
const defaultDataDirectory = '/var/lib/tumen-tor'

/** Finds the program tor. Debian installs it in a folder that is not in every user's PATH. */
function findTor(): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin']
  const found = folders
    .map((folder) => join(folder, 'tor'))
    .find((path) => path.startsWith('/') && existsSync(path))
  if (found === undefined)
    throw new TorError(
      'TOR_MISSING',
      'the program tor was not found: install it (apt-get install tor)',
    )
  return found
}

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())
onSupervisorGone(() => stop.abort())

try {
  const [torrc = defaultTorrc, dataDirectory = defaultDataDirectory] = process.argv.slice(2)
  const { torDir } = loadSettings(process.env)
  if (torDir === null)
    throw new TorError(
      'DIR_MISSING',
      'TUMEN_TOR_DIR is not set: it names the folder that tor and ops share',
    )
  await runTor({
    tor: torUnit({ program: findTor(), torrc, forward: (chunk) => process.stderr.write(chunk) }),
    shared: sharedLayoutOf(torDir),
    data: torLayoutOf(dataDirectory),
    log: (line) => process.stderr.write(`tor: ${line}\n`),
    stop: stop.signal,
  })
  process.exit(0)
} catch (error) {
  process.stderr.write(`tor: ${error instanceof Error ? error.message : 'could not start'}\n`)
  process.exit(error instanceof SettingsError || error instanceof TorError ? refusedStatus : 1)
}
