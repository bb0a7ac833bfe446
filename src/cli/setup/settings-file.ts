import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type EnvEntry, formatEnvFile, parseEnvFile } from '../../../config/env-file.ts'
import {
  loadSettings,
  settingNamed,
  type Settings,
  SettingsError,
} from '../../../config/settings.ts'
import { readBounded, replaceFile, writeNewFile } from '../../disk/small-files.ts'
import { failure } from '../frame/errors.ts'

const maxFileBytes = 64 * 1024

export interface Change {
  readonly name: string
  readonly change: 'new' | 'changed' | 'removed'
  /** Null if there is no value, or if it may contain a password. */
  readonly before: string | null
  readonly after: string | null
}

/**
 * The settings in a file; null if it does not exist. @throws CliError `FAILED` if the file is far
 * too long.
 */
export async function readSettingsFile(path: string): Promise<Map<string, string> | null> {
  const bytes = await readBounded(path, maxFileBytes)
  if (bytes === null) return null
  if (bytes.length > maxFileBytes)
    throw failure(`${path} is longer than ${maxFileBytes} bytes: it is not a settings file`)
  return parseEnvFile(new TextDecoder().decode(bytes))
}

/**
 * Parses the settings as Tumen will when it starts. @throws CliError `FAILED` with every problem.
 */
export function readAll(
  values: ReadonlyMap<string, string>,
  given: Readonly<Record<string, string>>,
  path: string,
): Settings {
  try {
    return loadSettings({ ...Object.fromEntries(values), ...given })
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    throw failure(`nothing was written to ${path}: ${error.message}`, error)
  }
}

/** The settings that would change, for a person to review. */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Change[] {
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((name) => {
    const [old, fresh] = [before.get(name), after.get(name)]
    if (old === fresh) return []
    const shown = (value: string | undefined) =>
      value === undefined || mayBeSecret(name) ? null : value
    return [
      {
        name,
        change: old === undefined ? 'new' : fresh === undefined ? 'removed' : 'changed',
        before: shown(old),
        after: shown(fresh),
      },
    ]
  })
}

/** An unknown name may itself be a password typed by mistake. */
function mayBeSecret(name: string): boolean {
  const setting = settingNamed(name)
  return setting === undefined || setting.isSecret === true
}

export async function writeSettingsFile(
  path: string,
  values: ReadonlyMap<string, string>,
  { mayReplace }: { mayReplace: boolean },
): Promise<void> {
  const entries = [...values].map(([name, value]): EnvEntry => {
    const doc = settingNamed(name)?.doc
    return { name, value, ...(doc === undefined ? {} : { about: doc }) }
  })
  const text = formatEnvFile(
    [
      'Written by tumen setup, which keeps what is changed here; it does not keep comments.',
      'Read by docker compose, systemd and sh: quotes are single ones, with none inside.',
    ],
    entries,
  )
  if (!existsSync(dirname(path))) await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  if (mayReplace) return await replaceFile(path, text)
  await writeNewFile(path, text).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EEXIST'
      ? failure(`${path} came to be meanwhile: run setup again`, cause)
      : cause
  })
}
