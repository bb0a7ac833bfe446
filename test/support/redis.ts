import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { createDaemon } from './engines/daemon.ts'
import { type AtEnd, startIn } from './start-in.ts'

/** A real `redis-server` for one test, on a unix socket in its own folder. */
export interface TestRedis {
  readonly url: string
  readonly dir: string
  readonly pid: number | undefined
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
export function createTestRedis(options: { start?: boolean } = {}): Promise<TestRedis> {
  return startIn('redis', (dir, atEnd) => createServer(options, dir, atEnd))
}

async function createServer(
  options: { start?: boolean },
  dir: string,
  atEnd: AtEnd,
): Promise<Omit<TestRedis, 'dispose'>> {
  const path = join(dir, 'redis.sock')
  const clients: Redis[] = []
  const server = createDaemon('redis', ['redis-server', ...flagsOf(path, join(dir, 'data'))])

  const start = async (): Promise<void> => {
    await mkdir(join(dir, 'data'), { recursive: true })
    server.start()
    await answers(path)
  }

  atEnd(() => server.kill())
  atEnd(async () => {
    for (const client of clients) client.disconnect()
  })
  if (options.start !== false) await start()
  return {
    url: `unix:${path}`,
    dir,
    get pid() {
      return server.pid
    },
    start,
    kill: () => server.kill(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    async restart() {
      await server.kill()
      await start()
    },
    async restartEmpty() {
      await server.kill()
      await rm(join(dir, 'data'), { recursive: true, force: true })
      await start()
    },
    client() {
      const client = new Redis({ path, maxRetriesPerRequest: 1 })
      client.on('error', () => {})
      clients.push(client)
      return client
    },
  }
}

function flagsOf(path: string, dataDir: string): string[] {
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
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
}

async function answers(path: string): Promise<void> {
  const probe = new Redis({ path, maxRetriesPerRequest: null, retryStrategy: () => 20 })
  probe.on('error', () => {})
  await probe.ping()
  probe.disconnect()
}
