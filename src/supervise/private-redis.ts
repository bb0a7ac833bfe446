import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { privateSocketOf } from '../../config/private-redis.ts'
import { SuperviseError } from './errors.ts'
import { createLastWords } from './last-words.ts'
import { askRedis } from './redis-wire.ts'
import type { UnitSpec } from './unit.ts'

export interface PrivateRedis {
  /** The value of TUMEN_REDIS_URL: `unix:/path`. */
  url: string
  spec: UnitSpec
}

export interface PrivateRedisOptions {
  dataDir: string
  /** The PATH in which redis-server is looked up. */
  searchPath: string
  log: (line: string) => void
}

const configFile = fileURLToPath(new URL('../../config/redis.conf', import.meta.url))

const graceMs = 10_000
/** Loading a large log takes time: a few seconds for 256 MB. */
const readyTimeoutMs = 60_000
const pollMs = 20
/**
 * A power cut can leave a log that Redis refuses to load; after this many failed starts, see
 * `discardUnreadable`.
 */
const maxFailedStarts = 3

/**
 * Prepares a private redis-server on a unix socket. Shuts down one that an earlier supervisor left
 * behind, but starts nothing yet.
 *
 * @throws SuperviseError `REDIS_MISSING`
 */
export async function preparePrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const program = findProgram('redis-server', options.searchPath)
  if (program === null) {
    const wayOut = 'install it (apt-get install redis-server) or set TUMEN_REDIS_URL'
    throw new SuperviseError('REDIS_MISSING', `redis-server was not found: ${wayOut}`)
  }
  const directory = join(options.dataDir, 'redis')
  const socket = privateSocketOf(options.dataDir)
  await shutDownLeftover(socket)
  const command = withParentDeath(
    [program, configFile, '--unixsocket', socket, '--dir', directory],
    options.searchPath,
  )
  return {
    url: `unix:${socket}`,
    spec: redisSpec({ command, socket, directory, log: options.log }),
  }
}

interface RedisRun {
  command: string[]
  socket: string
  directory: string
  log: (line: string) => void
}

function redisSpec({ command, socket, directory, log }: RedisRun): UnitSpec {
  const words = createLastWords(() => undefined)
  let failedStarts = 0
  return {
    name: 'redis',
    graceMs,
    readyTimeoutMs,
    lastWords: () => withoutStamp(words.text()),
    isSilent: true,
    spawn() {
      failedStarts += 1
      if (failedStarts === maxFailedStarts + 1) discardUnreadable(directory, log)
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      const [program = '', ...args] = command
      // The environment is empty, because Redis must not see our settings.
      const child = spawn(program, args, {
        env: {},
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      words.listen(child.stdout, child.stderr)
      return child
    },
    async untilReady(_child: ChildProcess, { signal }: { signal: AbortSignal }) {
      while ((await askRedis(socket, 'PING')) !== '+PONG')
        await sleep(pollMs, undefined, { signal })
      failedStarts = 0
    },
  }
}

/**
 * Redis holds only the queue and never a record, so an empty Redis that runs is better than a full
 * one that does not.
 */
function discardUnreadable(directory: string, log: (line: string) => void): void {
  log(
    `redis failed ${maxFailedStarts} times in a row; starting it empty: the sweep queues again what the spool holds`,
  )
  try {
    rmSync(join(directory, 'appendonlydir'), { recursive: true, force: true })
  } catch {
    moveAside(directory, log)
  }
}

/**
 * Renames a folder that cannot be emptied and would keep Redis from starting. A failure affects
 * nothing else.
 */
function moveAside(directory: string, log: (line: string) => void): void {
  log('its folder cannot be emptied either: check who owns it and what is mounted there')
  try {
    renameSync(directory, `${directory}.unusable`)
    mkdirSync(directory, { mode: 0o700 })
  } catch {
    // Tips are stored even without Redis, and the next start tries again.
  }
}

/**
 * Removes the prefix of a Redis log line (`pid:role day month year time mark message`): our logs
 * contain no times.
 */
function withoutStamp(line: string): string {
  return line.replace(/^\d+:\w+ .*?\d\d:\d\d:\d\d\.\d{3} \S /, '')
}

/**
 * With setpriv(1) the kernel ends Redis when the supervisor is killed. Without it, the next start
 * shuts the leftover Redis down.
 */
function withParentDeath(command: string[], searchPath: string): string[] {
  const setpriv = findProgram('setpriv', searchPath)
  return setpriv === null ? command : [setpriv, '--pdeathsig', 'TERM', ...command]
}

async function shutDownLeftover(socket: string): Promise<void> {
  for (let tries = 0; tries < 200 && (await askRedis(socket, 'PING')) !== null; tries += 1) {
    await askRedis(socket, 'SHUTDOWN')
    await sleep(pollMs)
  }
  // A socket that cannot be removed keeps only Redis from starting.
  await rm(socket, { force: true }).catch(() => undefined)
}

function findProgram(name: string, searchPath: string): string | null {
  const candidates = searchPath.split(delimiter).map((directory) => join(directory, name))
  return candidates.find((path) => existsSync(path)) ?? null
}
