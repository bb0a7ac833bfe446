import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** A real `redis-server` for one test, on a unix socket in its own folder. */
export interface TestRedis {
  readonly url: string
  readonly dir: string
  start(): Promise<void>
  /** Sends SIGKILL and waits until the process has ended. */
  kill(): Promise<void>
  freeze(): void
  thaw(): void
  /** Kills it, empties its data folder, and starts it again. */
  restartEmpty(): Promise<void>
  restart: () => Promise<void>
  /** A plain client, closed by `dispose`. */
  client(): Redis
  dispose(): Promise<void>
}

/** With the settings that Tumen uses: AOF `everysec`, `noeviction`. */
export async function createTestRedis(options: { start?: boolean } = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-redis-'))
  const path = join(dir, 'redis.sock')
  const clients: Redis[] = []
  let child: ChildProcess | null = null

  const start = async (): Promise<void> => {
    await mkdir(join(dir, 'data'), { recursive: true })
    child = spawnRedis(path, join(dir, 'data'))
    await answers(path)
  }
  const kill = async (): Promise<void> => {
    const victim = child
    child = null
    if (victim === null || victim.exitCode !== null || victim.signalCode !== null) return
    const gone = once(victim, 'exit')
    victim.kill('SIGKILL')
    await gone
  }

  if (options.start !== false) await start()
  return {
    url: `unix:${path}`,
    dir,
    start,
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async restart() {
      await kill()
      await start()
    },
    async restartEmpty() {
      await kill()
      await rm(join(dir, 'data'), { recursive: true, force: true })
      await start()
    },
    client() {
      const client = new Redis({ path, maxRetriesPerRequest: 1 })
      client.on('error', () => {})
      clients.push(client)
      return client
    },
    async dispose() {
      for (const client of clients) client.disconnect()
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function spawnRedis(path: string, dataDir: string): ChildProcess {
  const settings = {
    port: '0',
    unixsocket: path,
    dir: dataDir,
    daemonize: 'no',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    save: '',
    logfile: '',
    loglevel: 'warning',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  return spawn('redis-server', flags, { stdio: 'ignore' })
}

async function answers(path: string): Promise<void> {
  const probe = new Redis({ path, maxRetriesPerRequest: null, retryStrategy: () => 20 })
  probe.on('error', () => {})
  await probe.ping()
  probe.disconnect()
}
