import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const baseImage = 'docker.io/library/debian:bookworm-slim'
const caBundle = '/etc/ssl/certs/ca-certificates.crt'
/** Long, because npm from a distribution unpacks hundreds of packages. */
const buildMs = 20 * 60_000

export interface Podman {
  /** Runs podman and waits for it. @throws when it fails, with its output */
  run(args: readonly string[], ms?: number): string
  /** Like `run`, but without blocking this process. */
  start(args: readonly string[]): Promise<{ status: number | null; output: string }>
  /** @returns the reason why containers cannot run here, or null */
  unavailable(): string | null
  ensureBase(): void
  build: (context: string, targets: readonly string[]) => void
}

/**
 * A configuration that also works as root, without systemd, and with cgroups v1; see podman(1) and
 * containers.conf(5).
 */
const configuration = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
`

/**
 * Opens podman with a storage of its own. The next run uses the same storage, because building the
 * images takes minutes.
 */
export function openPodman(storage = join(tmpdir(), 'tumen-podman')): Podman {
  const confDir = mkdtempSync(join(tmpdir(), 'tumen-podman-conf-'))
  writeFileSync(join(confDir, 'containers.conf'), configuration)
  const env = { ...process.env, CONTAINERS_CONF: join(confDir, 'containers.conf') }
  const place = [
    '--root',
    join(storage, 'storage'),
    '--runroot',
    join(storage, 'run'),
    '--storage-driver',
    'overlay',
  ]
  const run = (args: readonly string[], ms = 60_000): string => {
    const { status, stdout, stderr, error } = spawnSync('podman', [...place, ...args], {
      env,
      encoding: 'utf8',
      timeout: ms,
      maxBuffer: 64 * 1024 * 1024,
    })
    if (status !== 0)
      throw new Error(`podman ${args[0]}: ${error?.message ?? ''} ${stderr.slice(-2000)}`)
    return stdout.trim()
  }
  return {
    run,
    start: (args) =>
      new Promise((resolve) => {
        const child = spawn('podman', [...place, ...args], {
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let output = ''
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (piece: Buffer) => {
            output += piece.toString()
          })
        child.on('close', (status) => resolve({ status, output }))
      }),
    unavailable: () => whyNot(run),
    ensureBase: () => ensureBase(run, env, place),
    build(context, targets) {
      // The registry may be behind a proxy whose certificate only this machine knows.
      const certificate = [
        '-v',
        `${caBundle}:/extra-ca.crt:ro`,
        '--build-arg',
        'NODE_EXTRA_CA_CERTS=/extra-ca.crt',
      ]
      for (const target of targets)
        run(
          [
            'build',
            '--network=host',
            ...certificate,
            '--target',
            target,
            '-t',
            `tumen/${target}`,
            context,
          ],
          buildMs,
        )
    },
  }
}

function whyNot(run: Podman['run']): string | null {
  if (process.getuid?.() !== 0) return 'needs root'
  for (const program of ['podman', 'runc', 'debootstrap']) {
    if (spawnSync('which', [program]).status !== 0) return `${program} is not installed`
  }
  try {
    run(['info'])
    return null
  } catch (error) {
    return `podman cannot run a container here: ${(error as Error).message.split('\n').findLast((line) => line.trim() !== '') ?? ''}`
  }
}

/**
 * Makes the base image from Debian's packages if it is missing. It has the same content as the
 * official image, but needs no image registry.
 */
function ensureBase(run: Podman['run'], env: NodeJS.ProcessEnv, place: readonly string[]): void {
  try {
    run(['image', 'exists', baseImage])
  } catch {
    const root = mkdtempSync(join(tmpdir(), 'tumen-debian-'))
    const script =
      'set -e; debootstrap --variant=minbase bookworm "$1" >/dev/null; tar -C "$1" -c . | podman "${@:3}" import - "$2"; rm -rf "$1"'
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', script, 'bash', root, baseImage, ...place],
      { env, encoding: 'utf8', timeout: buildMs },
    )
    if (status !== 0) throw new Error(`debootstrap: ${stderr.slice(-2000)}`)
  }
}
