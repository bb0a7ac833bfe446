import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { maxSocketPathBytes } from '../../config/parsers.ts'
import { SuperviseError } from './errors.ts'
import { createLastWords } from './last-words.ts'
import { askRedis } from './redis-wire.ts'
import type { UnitSpec } from './unit.ts'

export interface PrivateRedis {
  /** `unix:/path` for TUMEN_REDIS_URL. */
  url: string
  spec: UnitSpec
}

export interface PrivateRedisOptions {
  dataDir: string
  /** The PATH to look for redis-server in. */
  searchPath: string
  log: (line: string) => void
}

const configFile = fileURLToPath(new URL('../../config/redis.conf', import.meta.url))

const graceMs = 10_000
/** Loading a large log takes a while; 256 MB load in a few seconds. */
const readyTimeoutMs = 60_000
const pollMs = 20
/** A power cut can leave a log that Redis will not load; see `discardUnreadable`. */
const maxFailedStarts = 3

/**
 * A redis-server of our own behind a unix socket. Takes down one that an earlier supervisor left
 * behind; starts nothing yet.
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
  const socket = socketPathFor(options.dataDir)
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

/**
 * `dataDir/redis.sock`, or a short name in the temporary directory when the kernel would refuse
 * that.
 */
export function socketPathFor(dataDir: string): string {
  const path = join(dataDir, 'redis.sock')
  if (Buffer.byteLength(path) <= maxSocketPathBytes) return path
  const tag = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  return join(tmpdir(), `tumen-${process.getuid?.() ?? 0}-${tag}.sock`)
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
      // An empty environment: nothing of ours belongs into Redis.
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
 * Redis is the queue and never the record: an empty one that runs beats a full one that does not.
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

/** A folder that cannot be emptied keeps Redis from starting, and nothing else. */
function moveAside(directory: string, log: (line: string) => void): void {
  log('its folder cannot be emptied either: check who owns it and what is mounted there')
  try {
    renameSync(directory, `${directory}.unusable`)
    mkdirSync(directory, { mode: 0o700 })
  } catch {
    // Tips are stored without Redis; it is tried again with the next start.
  }
}

/** Redis writes `pid:role day month year time mark message`; a log of ours has no times. */
function withoutStamp(line: string): string {
  return line.replace(/^\d+:\w+ .*?\d\d:\d\d:\d\d\.\d{3} \S /, '')
}

/**
 * With setpriv(1) the kernel ends Redis when the supervisor is killed; without it
 * the next start takes the leftover down.
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
  // What cannot be removed keeps Redis from starting, and nothing else.
  await rm(socket, { force: true }).catch(() => undefined)
}

function findProgram(name: string, searchPath: string): string | null {
  const candidates = searchPath.split(delimiter).map((directory) => join(directory, name))
  return candidates.find((path) => existsSync(path)) ?? null
}
