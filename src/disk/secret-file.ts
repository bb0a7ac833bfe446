import { readFileSync, statSync } from 'node:fs'
import { CodedError } from '../errors/coded-error.ts'
import { errnoOf } from './errno.ts'

export type SecretFileErrorCode = 'SECRET_UNREADABLE' | 'SECRET_OPEN_TO_OTHERS' | 'SECRET_INVALID'

/**
 * Thrown for an unusable file with a secret. The message names the setting, and contains neither
 * the path nor the secret.
 */
export class SecretFileError extends CodedError<SecretFileErrorCode> {
  override readonly name = 'SecretFileError'
}

const maxBytes = 1024

/**
 * The one line of a file that only its owner may read.
 * @param setting the name that messages use.
 * @throws SecretFileError
 */
export function readSecretFile(setting: string, path: string): string {
  const text = readPrivately(setting, path).trim()
  if (text !== '' && !/[\s\0]/.test(text)) return text
  throw new SecretFileError(
    'SECRET_INVALID',
    `${setting} names a file that must hold one line without blanks`,
  )
}

/** A secret of this many random bytes cannot be guessed. */
const minRandomBytes = 32

/**
 * Like `readSecretFile`, for random bytes in base64 or hex.
 * @throws SecretFileError
 */
export function readRandomSecretFile(setting: string, path: string): string {
  const text = readSecretFile(setting, path)
  if (countBytes(text) >= minRandomBytes) return text
  throw new SecretFileError(
    'SECRET_INVALID',
    `${setting} names a file that must hold at least ${minRandomBytes} random bytes in base64 or hex; make one with \`(umask 077; openssl rand -base64 32 > FILE)\``,
  )
}

/** A text of only hex digits is hex: as base64 it would seem to have more bytes. */
function countBytes(text: string): number {
  if (/^[0-9a-f]+$/i.test(text)) return text.length / 2
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').length : 0
}

function readPrivately(setting: string, path: string): string {
  try {
    const { mode, size } = statSync(path)
    if ((mode & 0o077) !== 0)
      throw new SecretFileError(
        'SECRET_OPEN_TO_OTHERS',
        `${setting} names a file that others may read or change: chmod 600 it`,
      )
    return size > maxBytes ? '' : readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof SecretFileError) throw cause
    throw new SecretFileError(
      'SECRET_UNREADABLE',
      `${setting} names a file that cannot be read (${errnoOf(cause) ?? 'unknown'})`,
      cause,
    )
  }
}
