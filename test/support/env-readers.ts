import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Other people's programs that read a file of settings; null for a program that is not installed.
 */
export type EnvReader = (path: string, names: readonly string[]) => Map<string, string>

function run(program: string, args: readonly string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', ...env },
  })
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`)
  return stdout
}

const asMap = (json: string) => new Map(Object.entries(JSON.parse(json) as Record<string, string>))

/** A shell, as in `(set -a; . FILE; npm start)`. */
export const readAsSh: EnvReader = (path, names) => {
  const lines = run('sh', ['-c', 'set -a; . "$1"; exec env -0', 'sh', path])
    .split('\0')
    .map((line) => line.split(/=(.*)/s))
  return new Map(
    lines.flatMap(([name = '', value = '']) => (names.includes(name) ? [[name, value]] : [])),
  )
}

export const readAsNode: EnvReader = (path, names) =>
  asMap(
    run(process.execPath, [
      `--env-file=${path}`,
      '-p',
      `JSON.stringify(Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, process.env[name]])))`,
    ]),
  )

const python = '/usr/bin/python3'
const isPythonThere = existsSync(python) && spawnSync(python, ['-c', 'import dotenv']).status === 0

/**
 * python-dotenv with its interpolation, with which podman-compose and docker-compose 1 read `.env`.
 */
export const readAsPython: EnvReader | null = !isPythonThere
  ? null
  : (path) =>
      asMap(
        run(python, [
          '-c',
          'import dotenv, json, sys; print(json.dumps(dict(dotenv.dotenv_values(sys.argv[1], interpolate=True))))',
          path,
        ]),
      )

/**
 * Whether systemd reads this value. `os-release` and `EnvironmentFile` have one parser
 * (parse_env_file), and systemd-analyze lets one ask it for a value of the first without a running
 * systemd.
 */
export function isWhatSystemdReads(path: string, name: string, value: string): boolean {
  const quoted = `${name}=${value}`.replaceAll('%', '%%').replaceAll('"', '\\"')
  return (
    spawnSync('systemd-analyze', ['condition', `ConditionOSRelease="${quoted}"`], {
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', SYSTEMD_OS_RELEASE: path },
    }).status === 0
  )
}

export const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

/**
 * docker compose, by the rules of its manual ("Syntax for environment files"): `#` starts a comment
 * after a blank; single quotes are literal, except `\'`; everything else is interpolated, which is
 * an error here, because nothing of ours may be.
 */
export function readAsCompose(text: string): Map<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      if (line.trim() === '' || line.trimStart().startsWith('#')) return []
      const [, name = '', rest = ''] = /^([A-Za-z0-9_.]+)=(.*)$/.exec(line) ?? []
      if (name === '') throw new Error('no name')
      const quoted = /^'((?:\\'|[^'])*)'\s*(?:#.*)?$/.exec(rest)
      if (quoted?.[1] !== undefined) return [[name, quoted[1].replaceAll("\\'", "'")]]
      if (/['"$\\]/.test(rest)) throw new Error('interpolated')
      return [[name, (rest.split(/\s#/)[0] ?? '').trimEnd()]]
    }),
  )
}
