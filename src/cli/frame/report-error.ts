import { CodedError } from '../../errors/coded-error.ts'
import { getSystemErrorMessage } from 'node:util'

import type { CliContext } from './context.ts'
import { errnoOf } from '../../disk/errno.ts'
import { StoreError } from '../../store/errors.ts'
import { SuperviseError } from '../../supervise/errors.ts'
import { CliError } from './errors.ts'
import { safeText } from './safe-text.ts'

/**
 * Messages for a disk that refuses writes, with what to do. No command leaves anything half-made or
 * changes what was already there, so each can simply be run again.
 */
const diskFailures: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'no space left on device: make room on it, and run the same command again'],
  ['EDQUOT', 'disk quota exceeded: make room or raise the quota, and run the same command again'],
  ['EROFS', 'read-only file system: make it writable, and run the same command again'],
  [
    'EIO',
    'i/o error: run the same command again; if it fails again, the disk or stick is worn: use another',
  ],
])

/** Prints the error as one sentence, without a stack. @returns the exit status. */
export function reportError(
  context: Pick<CliContext, 'stderr'>,
  error: unknown,
  commandName: string,
): number {
  if (error instanceof CliError && error.code === 'USAGE') {
    const tryThis = ['tumen', commandName, '--help'].filter((word) => word !== '').join(' ')
    context.stderr.write(`tumen: ${safeText(error.message)} (try: ${tryThis})\n`)
    return 2
  }
  context.stderr.write(`tumen: ${safeText(describeError(error))}\n`)
  return error instanceof CodedError && error.code === 'SETTINGS_INVALID' ? 2 : 1
}

function describeError(error: unknown): string {
  if (error instanceof StoreError || error instanceof SuperviseError)
    return describeFolderError(error)
  if (error instanceof CodedError) return error.message
  if (isSystemError(error)) return describeSystemError(error)
  const { code, message } =
    error instanceof Error
      ? (error as NodeJS.ErrnoException)
      : { code: undefined, message: String(error) }
  // A bug in Tumen. A stack could quote what the person typed, so only the message is printed.
  return `internal error${code === undefined ? '' : ` ${code}`}: ${message}; please report it`
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}

function describeSystemError(error: NodeJS.ErrnoException): string {
  const what =
    error.path === undefined ? `cannot ${error.syscall}` : `${error.path}: cannot ${error.syscall}`
  return `${what}: ${reasonOf(error)}`
}

/** The messages of these errors are for the log of a service, which tries again by itself. */
function describeFolderError(error: StoreError | SuperviseError): string {
  const failure = diskFailures.get(errnoOf(error.cause) ?? '')
  return failure === undefined ? error.message : `the data folder: ${failure}`
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const code = errnoOf(error)
  const failure = code === null ? undefined : diskFailures.get(code)
  if (failure !== undefined) return failure
  return error.errno === undefined
    ? (error.code ?? 'unknown reason')
    : getSystemErrorMessage(error.errno)
}
