import { createRequire } from 'node:module'
import { setTimeout } from 'node:timers/promises'

import { loadSettings } from '../../config/settings.ts'
import { systemClock } from '../store/clock.ts'
import type { CliContext } from './context.ts'
import { dispatch } from './dispatch.ts'
import { commandTable } from './table.ts'

const exitStatus = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

const cleanups = new Set<() => void>()

const context: CliContext = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  clock: systemClock,
  wait: setTimeout,
  isTerminal: { stdin: isTerminal(process.stdin), stdout: isTerminal(process.stdout), stderr: isTerminal(process.stderr) },
  settings: async () => loadSettings(process.env),
  onInterrupt(cleanup) {
    cleanups.add(cleanup)
    return () => cleanups.delete(cleanup)
  },
}

for (const [signal, status] of Object.entries(exitStatus)) {
  process.once(signal, () => stop(status))
}
// The reader of a pipe has gone (`tumen … | head`): nobody is left to tell.
process.stdout.on('error', () => stop(1))
process.stderr.on('error', () => stop(1))

process.exitCode = await dispatch({ table: commandTable, version }, context, process.argv.slice(2))
process.stdin.unref?.()

function stop(status: number): never {
  for (const cleanup of cleanups) cleanup()
  process.exit(status)
}

function isTerminal(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true
}
