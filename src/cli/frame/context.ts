import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'

import packageJson from '../../../package.json' with { type: 'json' }
import type { Settings } from '../../../config/settings.ts'
import type { Clock } from '../../time/clock.ts'

/** All a command may use of the process it runs in. */
export interface CliContext {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly cwd: string
  readonly clock: Clock
  /** Waits, in milliseconds. */
  readonly wait: (ms: number) => Promise<void>
  readonly isTerminal: {
    readonly stdin: boolean
    readonly stdout: boolean
    readonly stderr: boolean
  }
  /** @throws SettingsError when any `TUMEN_*` setting is wrong. */
  settings(): Promise<Settings>
  /** Stops the process as Ctrl-Z does; resolves when it goes on. */
  readonly suspend: () => Promise<void>
  /**
   * Runs `cleanup` when the command is interrupted; call the result when there is nothing left to
   * clean.
   */
  onInterrupt: (cleanup: () => void) => () => void
}

/** A path as the person typed it, against the folder they typed it in. */
export function resolvePath(context: Pick<CliContext, 'cwd'>, path: string): string {
  return resolve(context.cwd, path)
}

export function printLine(context: Pick<CliContext, 'stdout'>, line: string): void {
  context.stdout.write(`${line}\n`)
}

/** For programs: one JSON document on stdout. */
export function printJson(context: Pick<CliContext, 'stdout'>, document: unknown): void {
  context.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

/** Remarks for people: on stderr, so that stdout stays what the command is for. */
export function printNote(context: Pick<CliContext, 'stderr'>, line: string): void {
  context.stderr.write(`${line}\n`)
}

/** The program's version, from `package.json`: `0.1.0`. */
export const version: string = packageJson.version
/** The program's name and version, for records: `tumen 0.1.0`. */
export const tool = `tumen ${version}`
