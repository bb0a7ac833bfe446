import { setTimeout } from 'node:timers/promises'

import { loadSettings } from '../../../config/settings.ts'
import { systemClock } from '../../time/clock.ts'
import type { CliContext } from './context.ts'
import { dispatch } from './dispatch.ts'
import type { TableEntry } from './command.ts'
import { version } from './context.ts'

const endings = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

const cleanups = new Set<() => void>()

const context: CliContext = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  clock: systemClock,
  wait: setTimeout,
  isTerminal: {
    stdin: isTerminal(process.stdin),
    stdout: isTerminal(process.stdout),
    stderr: isTerminal(process.stderr),
  },
  settings: async () => loadSettings(process.env),
  suspend: () =>
    new Promise((resolve) => {
      process.once('SIGCONT', () => resolve())
      process.kill(0, 'SIGTSTP')
    }),
  onInterrupt(cleanup) {
    cleanups.add(cleanup)
    return () => cleanups.delete(cleanup)
  },
}

/** Runs the command line of this process with the commands of `table`. Main files call it once. */
export async function start(table: readonly TableEntry[]): Promise<void> {
  for (const signal of endings) {
    process.once(signal, () => {
      try {
        cleanUp()
      } finally {
        // End by the signal itself, which is no longer caught: exit() would wait for a thread that
        // is blocked in open().
        process.kill(process.pid, signal)
      }
    })
  }
  // Restores the terminal after any error.
  process.once('uncaughtExceptionMonitor', cleanUp)
  // The reader of a pipe has gone (`tumen … | head`): there is nothing left to report to.
  process.stdout.on('error', () => stop(1))
  process.stderr.on('error', () => stop(1))

  process.exitCode = await dispatch({ table, version }, context, process.argv.slice(2))
  process.stdin.unref?.()
}

function cleanUp(): void {
  for (const cleanup of cleanups) cleanup()
}

function stop(status: number): never {
  cleanUp()
  process.exit(status)
}

function isTerminal(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true
}
