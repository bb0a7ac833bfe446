import { AgeError } from '../../age/errors.ts'
import { MinisignError } from '../../keyring/errors.ts'
import type { Secret } from '../../keyring/secret.ts'
import { CodedError } from '../../errors/coded-error.ts'
import type { CliContext } from '../frame/context.ts'
import { printNote } from '../frame/context.ts'
import { CliError, failure } from '../frame/errors.ts'
import { readPassphrase } from './read-passphrase.ts'

const maxTries = 3

/** A secret file that needs a passphrase. */
export interface ProtectedFile {
  /** The path as the person typed it: every message names the file. */
  readonly path: string
  /** `--passphrase-file`; without it, the passphrase is asked for on the terminal. */
  readonly passphraseFile: string | undefined
}

/**
 * Opens a secret file with its passphrase. A wrong passphrase can be typed again, three times in
 * all; a wrong one from a file is refused at once. The passphrase is wiped in either case.
 * @throws CliError `FAILED` with the name of the file; the raw error of the cryptography is never
 * shown.
 */
export async function withPassphrase<T>(
  context: CliContext,
  { path, passphraseFile }: ProtectedFile,
  open: (passphrase: Secret) => T | Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const prompt = `passphrase of ${path}: `
    const passphrase = await readPassphrase(context, { prompt, file: passphraseFile })
    try {
      return await open(passphrase)
    } catch (error) {
      if (!isWrongPassphrase(error)) throw named(path, error)
      if (passphraseFile !== undefined)
        throw failure(`the passphrase in ${passphraseFile} is not that of ${path}`, error)
      if (tries >= maxTries)
        throw failure(`this is not the passphrase of ${path}: look it up and try again`, error)
      printNote(context, `this is not the passphrase of ${path}: type it again`)
    } finally {
      passphrase.wipe()
    }
  }
}

/** Adds the path of the file to the message of an error. */
export function named(path: string, error: unknown): unknown {
  return error instanceof CodedError && !(error instanceof CliError)
    ? failure(`${path}: ${error.message}`, error)
    : error
}

function isWrongPassphrase(error: unknown): boolean {
  return (
    (error instanceof AgeError && error.code === 'NO_MATCH') ||
    (error instanceof MinisignError && error.code === 'PASSPHRASE_WRONG')
  )
}
