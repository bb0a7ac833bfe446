/**
 * Reads and writes the settings file. It uses only the notation that docker compose (for `env_file`
 * and for itself), podman-compose, systemd's `EnvironmentFile`, sh and Node read alike: a bare
 * word, or a text in single quotes without a single quote in it.
 */
import { parseEnv } from 'node:util'
import type { Parsed } from './parsers.ts'

export interface EnvEntry {
  name: string
  value: string
  /** One comment line above the entry, for people who read the file. */
  about?: string
}

/** Values that need no quotes: none of these characters is special in any of the readers. */
const bareWord = /^[A-Za-z0-9_./:@%+,=-]+$/
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/
/**
 * A quote ends the value; compose and podman-compose read a backslash as an escape, sh and systemd
 * do not; podman-compose replaces `${…}` even in single quotes; systemd drops blanks at both ends;
 * some readers end a line at a control character, U+2028 or the like, and others do not.
 */
const unwritable = /['\\\p{Cc}\p{Zl}\p{Zp}\ufeff]|\$\{|^\s|\s$/u

/** Returns the value, or the problem if the file cannot hold it. */
export function writableValue(value: string): Parsed<string> {
  if (!unwritable.test(value)) return { value }
  return {
    problem:
      'may hold no apostrophe, backslash, ${ or control character, nor blanks at its ends: in an address write %27, %5C or %24{',
  }
}

/** @throws RangeError for a value that `writableValue` refuses, and for an invalid name. */
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

/** Reads a settings file as Node does, including files written by hand. Never throws. */
export function parseEnvFile(text: string): Map<string, string> {
  return new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? '']))
}
