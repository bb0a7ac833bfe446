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
