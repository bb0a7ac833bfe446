import { CodedError } from '../../errors/coded-error.ts'

/**
 * `USAGE`: the command line is wrong (exit status 2). `FAILED`: the command line is right, but the
 * command failed (exit status 1).
 */
export type CliErrorCode = 'USAGE' | 'FAILED'

export class CliError extends CodedError<CliErrorCode> {
  override readonly name = 'CliError'
}

export function usageError(message: string): CliError {
  return new CliError('USAGE', message)
}

export function failure(message: string, cause?: unknown): CliError {
  return new CliError('FAILED', message, cause)
}

/** Reports an unreadable file, by the path that the person typed instead of the absolute one. */
export function unreadable(path: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    throw failure(
      `${path} cannot be read (${cause.code === 'ENOENT' ? 'there is no such file' : cause.code})`,
      cause,
    )
  }
}
