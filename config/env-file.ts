/**
 * The file of settings, in the part of the notation that docker compose (for `env_file` and for
 * itself), podman-compose, systemd's `EnvironmentFile`, sh and Node read alike: a bare word, or
 * single quotes with none inside.
 */
import { parseEnv } from 'node:util'
import type { Parsed } from './parsers.ts'

export interface EnvEntry {
  name: string
  value: string
  /** One line above it, for whoever reads the file. */
  about?: string
}

/** In no reader does one of these begin or end anything. */
const bareWord = /^[A-Za-z0-9_./:@%+,=-]+$/
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/
/**
 * A quote ends the value; compose and podman-compose read a backslash as an escape, sh and systemd
 * do not; podman-compose replaces `${…}` even in single quotes; systemd drops blanks at the ends;
 * control characters and U+2028 and its kin make lines in one reader and none in another.
 */
const unwritable = /['\\\p{Cc}\p{Zl}\p{Zp}\ufeff]|\$\{|^\s|\s$/u

/** Whether a value can stand in the file; gives it back. */
export function writableValue(value: string): Parsed<string> {
  if (!unwritable.test(value)) return { value }
  return {
    problem:
      'may hold no apostrophe, backslash, ${ or control character, nor blanks at its ends: in an address write %27, %5C or %24{',
  }
}

/** @throws RangeError for what `writableValue` refuses, and for a name that is none. */
export function formatEnvFile(heading: readonly string[], entries: readonly EnvEntry[]): string {
  const lines = entries.flatMap(({ name, value, about }) => {
    const checked = writableValue(value)
    if ('problem' in checked || !namePattern.test(name))
      throw new RangeError('a setting cannot be written down')
    return [
      ...(about === undefined ? [] : ['', `# ${about}`]),
      `${name}=${bareWord.test(value) ? value : `'${value}'`}`,
    ]
  })
  return `${[...heading.map((line) => `# ${line}`), ...lines].join('\n')}\n`
}

/** Also of a file that somebody wrote by hand, as Node reads it. Total. */
export function parseEnvFile(text: string): Map<string, string> {
  return new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? '']))
}
