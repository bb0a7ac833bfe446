import { readFileSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { parse } from 'yaml'
import type { Podman } from './podman.ts'

interface Service {
  image: string
  command: string[]
  network_mode?: string
  networks?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  tmpfs?: string[]
  cap_drop?: string[]
  security_opt?: string[]
  read_only?: boolean
  mem_limit?: string
  pids_limit?: number
  ulimits?: Record<string, number>
  restart?: string
  stop_grace_period?: string
  healthcheck?: { test: string[] }
  ports?: string[]
  logging?: { driver: string }
  env_file?: string[]
}

/** What a test changes in a service: its network, further volumes and settings. */
export type Changes = Readonly<
  Record<
    string,
    {
      network?: string
      volumes?: readonly string[]
      environment?: Readonly<Record<string, string>>
    }
  >
>

export function readCompose(path: string): Record<string, Service> {
  return (
    parse(readFileSync(path, 'utf8'), { merge: true }) as { services: Record<string, Service> }
  ).services
}

/**
 * The arguments of `podman run` for a service of the compose file. The podman-compose of Debian 12
 * (1.0.3) cannot be used: it attaches containers with `network_mode: none` to a network, and runs
 * health checks in a shell.
 */
export function runArguments(
  name: string,
  service: Service,
  { project, folder, changes = {} }: { project: string; folder: string; changes?: Changes },
): string[] {
  const change = changes[name] ?? {}
  const network =
    change.network ?? service.network_mode ?? `${project}_${service.networks?.[0] ?? 'none'}`
  const seconds = Number.parseInt(service.stop_grace_period ?? '10', 10)
  return [
    'run',
    '--detach',
    '--name',
    `${project}_${name}`,
    '--network',
    network,
    ...(service.read_only === true ? ['--read-only'] : []),
    ...(service.cap_drop ?? []).map((capability) => `--cap-drop=${capability}`),
    ...(service.security_opt ?? []).flatMap((option) => ['--security-opt', option]),
    // Limits on the command line replace those of containers.conf, which some machines do not
    // permit.
    ...Object.entries({ nofile: 1024, nproc: 1024, ...service.ulimits }).flatMap(
      ([limit, most]) => ['--ulimit', `${limit}=${most}:${most}`],
    ),
    ...(service.tmpfs ?? []).flatMap((mount) => ['--tmpfs', mount]),
    ...(service.ports ?? []).flatMap((port) => ['--publish', port]),
    ...Object.entries({ ...service.environment, ...change.environment }).flatMap(([key, value]) => [
      '--env',
      `${key}=${value}`,
    ]),
    ...[...(service.volumes ?? []), ...(change.volumes ?? [])].flatMap((volume) => [
      '--volume',
      volumeOf(volume, project, folder),
    ]),
    '--memory',
    service.mem_limit ?? '0',
    '--pids-limit',
    String(service.pids_limit ?? 0),
    '--restart',
    service.restart ?? 'no',
    '--stop-timeout',
    String(seconds),
    '--log-driver',
    service.logging?.driver ?? 'none',
    // podman expects the words without docker's leading CMD.
    ...(service.healthcheck === undefined
      ? []
      : ['--health-cmd', JSON.stringify(service.healthcheck.test.slice(1))]),
    `localhost/${service.image}`,
    ...service.command,
  ]
}

/** A source that is a mere name is a volume of the project; any other source is a path. */
function volumeOf(volume: string, project: string, folder: string): string {
  const [source = '', ...rest] = volume.split(':')
  const isPath = source.startsWith('.') || isAbsolute(source)
  return [isPath ? resolve(folder, source) : `${project}_${source}`, ...rest].join(':')
}

export interface Stack {
  name(service: string): string
  exec(service: string, ...args: string[]): string
  isHealthy(service: string): boolean
  /** The PID of the container's first process on the host; 0 while there is none. */
  pid(service: string): number
  down(): void
}

export function composeUp(
  podman: Podman,
  options: { file: string; project: string; folder: string; changes?: Changes },
): Stack {
  const services = readCompose(options.file)
  const name = (service: string) => `${options.project}_${service}`
  const succeeds = (args: readonly string[]) => {
    try {
      podman.run(args)
      return true
    } catch {
      return false
    }
  }
  for (const [service, spec] of Object.entries(services))
    podman.run(runArguments(service, spec, options))
  return {
    name,
    exec: (service, ...args) => podman.run(['exec', name(service), ...args]),
    pid: (service) => Number(podman.run(['inspect', '--format', '{{.State.Pid}}', name(service)])),
    isHealthy: (service) => succeeds(['healthcheck', 'run', name(service)]),
    down() {
      for (const service of Object.keys(services))
        succeeds(['rm', '--force', '--time', '0', name(service)])
      for (const volume of podman.run(['volume', 'ls', '--quiet']).split('\n'))
        if (volume.startsWith(`${options.project}_`)) succeeds(['volume', 'rm', '--force', volume])
    },
  }
}
