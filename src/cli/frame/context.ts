import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'

import packageJson from '../../../package.json' with { type: 'json' }
import type { Settings } from '../../../config/settings.ts'
import type { Clock } from '../../time/clock.ts'
import { safeJson, safeText } from './safe-text.ts'

/** Everything that a command may use of its process. */
export interface CliContext {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly cwd: string
  readonly clock: Clock
  /** Waits for some milliseconds. */
  readonly wait: (ms: number) => Promise<void>
  readonly isTerminal: {
    readonly stdin: boolean
    readonly stdout: boolean
    readonly stderr: boolean
  }
  /** @throws SettingsError if any `TUMEN_*` setting is wrong. */
  settings(): Promise<Settings>
  /** Suspends the process as Ctrl-Z does; resolves when it is resumed. */
  readonly suspend: () => Promise<void>
  /** Runs `cleanup` if the command is interrupted. Call the result to cancel that. */
  onInterrupt: (cleanup: () => void) => () => void
}

/** Resolves a path that a person typed, relative to the current folder. */
export function resolvePath(context: Pick<CliContext, 'cwd'>, path: string): string {
  return resolve(context.cwd, path)
}

export function printLine(context: Pick<CliContext, 'stdout'>, line: string): void {
  context.stdout.write(`${safeText(line)}\n`)
}

/** Prints one JSON document on stdout, for programs. */
export function printJson(context: Pick<CliContext, 'stdout'>, document: unknown): void {
  context.stdout.write(`${safeJson(document)}\n`)
}

/** Prints a remark for people on stderr, so that stdout holds only the result. */
export function printNote(context: Pick<CliContext, 'stderr'>, line: string): void {
  context.stderr.write(`${safeText(line)}\n`)
}

/** The program's version, from `package.json`: `0.1.0`. */
export const version: string = packageJson.version
/** The program's name and version, for records: `tumen 0.1.0`. */
export const tool = `tumen ${version}`
