import { CodedError } from '../src/errors/coded-error.ts'
import { readFileSync, statSync } from 'node:fs'

export type TokenFileErrorCode = 'TOKEN_UNREADABLE' | 'TOKEN_OPEN_TO_OTHERS' | 'TOKEN_TOO_SHORT'

/**
 * Thrown for an unusable token file. The message names the setting and says what to do, and never
 * contains the token.
 */
export class TokenFileError extends CodedError<TokenFileErrorCode> {
  override readonly name = 'TokenFileError'

  constructor(code: TokenFileErrorCode, problem: string, cause?: unknown) {
    super(code, `TUMEN_OPS_TOKEN_FILE ${problem}`, cause)
  }
}

/** A token of this length cannot be guessed. */
const minTokenBytes = 32
const maxFileBytes = 1024

const wayOut = 'make one with `(umask 077; openssl rand -base64 32 > FILE)`'

/**
 * The token as it is sent: the one line of the file.
 *
 * @throws TokenFileError when the file is missing, other users may read it, or the token is too
 * short to be random.
 */
export function readTokenFile(path: string): string {
  const text = readPrivately(path).trim()
  if (byteCount(text) < minTokenBytes) {
    throw new TokenFileError(
      'TOKEN_TOO_SHORT',
      `must hold one line with at least ${minTokenBytes} random bytes in base64 or hex; ${wayOut}`,
    )
  }
  return text
}

/**
 * Request headers for ops; empty when no token is set.
 *
 * @throws TokenFileError
 */
export function opsAuthorization(tokenFile: string | null): { authorization?: string } {
  return tokenFile === null ? {} : { authorization: `Bearer ${readTokenFile(tokenFile)}` }
}

function readPrivately(path: string): string {
  try {
    const { mode, size } = statSync(path)
    if ((mode & 0o077) !== 0)
      throw new TokenFileError(
        'TOKEN_OPEN_TO_OTHERS',
        'may be read or changed by others; chmod 600 it',
      )
    return size > maxFileBytes ? '' : readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof TokenFileError) throw cause
    const errno = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new TokenFileError('TOKEN_UNREADABLE', `cannot be read (${errno}); ${wayOut}`, cause)
  }
}

/**
 * A text of only hex digits is decoded as hex: decoded as base64 it would seem to have more bytes.
 */
function byteCount(text: string): number {
  if (/^[0-9a-f]+$/i.test(text)) return text.length / 2
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').length : 0
}
