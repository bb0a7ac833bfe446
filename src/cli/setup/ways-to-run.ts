import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled } from '../../doctor/programs.ts'

export const wayNames = ['compose', 'systemd', 'hand'] as const
export type WayName = (typeof wayNames)[number]

/** A way to run Tumen, and what depends on it. */
export interface Way {
  /** A description for people, shown next to the name. */
  readonly about: string
  readonly envFile: string
  /** Settings that setup writes without asking. */
  readonly written: Readonly<Record<string, string>>
  /** Settings that the compose file sets, whatever `.env` contains. */
  readonly given: Readonly<Record<string, string>>
  /** The data folder; null if the person is asked for it. */
  readonly dataDir: string | null
  /** A folder on the disk of the data, for the disk checks. */
  readonly diskDir: string
  /** Folder of the keys on this machine, outside of any container. */
  readonly keysDir: string
  /** Programs that must be installed, with advice for when one is missing. */
  readonly programs: Readonly<Record<string, string>>
  /** Why it does no harm that this shell may write core dumps. */
  readonly coreDumps: string
  /** The next two commands to run. */
  readonly next: (paths: { envFile: string; dataDir: string }) => readonly [string, string]
}

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')
const inApt = (name: string) => `apt-get install --no-install-recommends ${name}`

export const ways: Readonly<Record<WayName, Way>> = {
  compose: {
    about: 'in containers, with docker compose',
    envFile: join(root, '.env'),
    written: {},
    given: {
      TUMEN_LISTEN: 'unix:/tmp/intake.sock',
      TUMEN_ONION_SOCKET: '/run/tumen/onion/intake.sock',
      TUMEN_OPS_LISTEN: 'unix:/run/tumen/ops/ops.sock',
      TUMEN_REDIS_URL: 'unix:/run/tumen/redis/redis.sock',
      TUMEN_DATA_DIR: '/var/lib/tumen',
      TUMEN_KEYS_DIR: '/keys',
      TUMEN_TOR_DIR: '/run/tumen/tor',
    },
    dataDir: '/var/lib/tumen',
    diskDir: join(root, 'data'),
    keysDir: join(root, 'keys'),
    programs: {
      docker:
        'install Docker Engine with its compose plugin: docs.docker.com/engine/install/debian',
    },
    coreDumps: 'the compose file forbids them to the containers',
    next: () => [
      `cd ${root} && docker compose up -d --build`,
      'docker compose exec ops /usr/local/lib/node bin/tumen.mjs status',
    ],
  },
  systemd: {
    about: 'as services of this machine, with systemd and its own tor and Redis',
    envFile: '/etc/tumen/tumen.env',
    written: {
      TUMEN_LISTEN: 'unix:/run/tumen/intake.sock',
      TUMEN_ONION_SOCKET: '/run/tumen/onion/intake.sock',
      TUMEN_OPS_LISTEN: 'unix:/run/tumen/ops/ops.sock',
      TUMEN_REDIS_URL: 'unix:/run/tumen/redis/redis.sock',
      TUMEN_DATA_DIR: '/var/lib/tumen',
      TUMEN_KEYS_DIR: '/etc/tumen/keys',
      TUMEN_TOR_DIR: '/run/tumen/tor',
    },
    given: {},
    dataDir: '/var/lib/tumen',
    diskDir: '/var/lib/tumen',
    keysDir: '/etc/tumen/keys',
    programs: { 'redis-server': inApt('redis-server'), tor: inApt('tor') },
    coreDumps: 'the units forbid them (LimitCORE=0)',
    next: () => ['systemctl enable --now tumen.target', 'tumen doctor'],
  },
  hand: {
    about: 'by hand, or under a service manager of yours, with npm start',
    envFile: join(root, '.env'),
    written: { TUMEN_KEYS_DIR: join(root, 'keys') },
    given: {},
    dataDir: null,
    diskDir: join(root, 'var'),
    keysDir: join(root, 'keys'),
    programs: { 'redis-server': inApt('redis-server') },
    coreDumps: 'the command below forbids them (ulimit -c 0)',
    next: ({ envFile }) => [
      `cd ${root} && (ulimit -c 0; set -a; . ${quoted(envFile)}; npm start)`,
      `(set -a; . ${quoted(envFile)}; npx tumen doctor)`,
    ],
  },
}

/** The likely way to run Tumen on this machine. */
export async function likelyWay(): Promise<WayName> {
  if (await isInstalled('docker')) return 'compose'
  return existsSync('/run/systemd/system') && existsSync('/etc/tumen') ? 'systemd' : 'hand'
}

/** Quotes a path for sh. */
function quoted(path: string): string {
  return /^[\w/.-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
