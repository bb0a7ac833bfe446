import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { isDay, dayOfInstant } from '../../time/day.ts'
import type { Day } from '../../time/day.ts'
import { KeyringError } from '../../keyring/errors.ts'
import { readBounded, replaceFile } from '../../disk/small-files.ts'
import { maxKeyringBytes } from '../../keyring/bounds.ts'
import { formatKeyring, parseKeyring } from '../../keyring/keyring.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { keyringFileName, signatureFileName } from '../../keyring/load.ts'
import type { CliContext } from './context.ts'
import { printNote, resolvePath } from './context.ts'
import { usageError } from './errors.ts'

/** The option that all keyring commands share. */
export const dirOption = {
  dir: {
    type: 'string',
    value: 'DIR',
    about: 'the keyring folder (default: TUMEN_KEYS_DIR, or keys)',
  },
} as const

export async function keyringDir(context: CliContext, dir: string | undefined): Promise<string> {
  return dir === undefined ? (await context.settings()).keysDir : resolvePath(context, dir)
}

export function today(context: CliContext): Day {
  return dayOfInstant(context.clock.now())
}

/** @throws CliError `USAGE`. */
export function readDay(option: string, text: string): Day {
  if (!isDay(text)) throw usageError(`--${option} must be a day of the calendar, as YYYY-MM-DD`)
  return text
}

/**
 * Reads the keyring that is being edited, signed or not.
 * @throws KeyringError `MISSING` or `INVALID`.
 */
export async function readDraft(dir: string): Promise<{ keyring: Keyring; bytes: Uint8Array }> {
  const path = join(dir, keyringFileName)
  const bytes = await readBounded(path, maxKeyringBytes)
  if (bytes === null)
    throw new KeyringError('MISSING', `${path} is missing: make one with "tumen keyring init"`)
  return { keyring: parseKeyring(bytes), bytes }
}

/** Writes a changed keyring, and removes its old signature, which no longer matches. */
export async function writeDraft(
  context: CliContext,
  dir: string,
  keyring: Keyring,
): Promise<void> {
  await replaceFile(join(dir, keyringFileName), formatKeyring(keyring))
  await rm(join(dir, signatureFileName), { force: true })
  printNote(
    context,
    'the keyring is now unsigned: check it with "tumen keyring show", then use "tumen keyring sign"',
  )
}
