import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type AtEnd, startIn } from '../start-in.ts'
import { createDaemon, type Daemon, hasProgram, until } from './daemon.ts'
import { freePorts } from './free-ports.ts'
import { makeTlsFiles, tlsLines } from './tls-files.ts'

/** Three Redis servers, one of them the master, and three sentinels that choose it. */
export interface SentinelSite {
  /** For `TUMEN_REDIS_URL`. */
  readonly url: string
  /** The server that the sentinels call the master now. */
  master(): Promise<Daemon>
  readonly servers: readonly Daemon[]
  readonly sentinels: readonly Daemon[]
  /** Kills every server, removes what they stored, and starts them again. */
  restartEmpty(): Promise<void>
  dispose(): Promise<void>
}

export function whyNoSentinel(): string | null {
  if (!hasProgram('redis-server')) return 'redis-server missing: apt-get install redis-server'
  return null
}

const name = 'tumen'

/** @param options.password of both the servers and the sentinels; none if left out. */
export function startSentinel(
  options: { password?: string; isTls?: boolean } = {},
): Promise<SentinelSite> {
  return startIn('sentinel', (dir, atEnd) => startServers({ ...options, dir, atEnd }))
}

async function startServers(options: {
  password?: string
  isTls?: boolean
  dir: string
  atEnd: AtEnd
}): Promise<Omit<SentinelSite, 'dispose'>> {
  const { password, dir, atEnd } = options
  const tls = options.isTls === true ? await makeTlsFiles(dir) : null
  const listen = (port: number): string => (tls === null ? `port ${port}\n` : tlsLines(port, tls))
  const ports = await freePorts(6)
  const [serverPorts, sentinelPorts] = [ports.slice(0, 3), ports.slice(3)]
  const secret = password === undefined ? '' : `requirepass ${password}\nmasterauth ${password}\n`
  const servers: Daemon[] = []
  const sentinels: Daemon[] = []

  const writeServer = async (port: number, index: number): Promise<string> => {
    const folder = join(dir, `redis-${index}`)
    await mkdir(folder, { recursive: true })
    const path = join(dir, `redis-${index}.conf`)
    const follows = index === 0 ? '' : `replicaof 127.0.0.1 ${serverPorts[0]}\n`
    await writeFile(
      path,
      `${listen(port)}bind 127.0.0.1\ndir ${folder}\nappendonly yes\nappendfsync everysec\nsave ""\nmaxmemory 64mb\nmaxmemory-policy noeviction\nrepl-diskless-sync-delay 0\nmin-replicas-to-write 1\nmin-replicas-max-lag 10\n${secret}${follows}`,
    )
    return path
  }
  for (const [index, port] of serverPorts.entries())
    servers.push(createDaemon(`redis-${index}`, ['redis-server', await writeServer(port, index)]))
  const writeSentinel = async (port: number, index: number): Promise<string> => {
    const path = join(dir, `sentinel-${index}.conf`)
    const auth =
      password === undefined
        ? ''
        : `sentinel auth-pass ${name} ${password}\nrequirepass ${password}\n`
    await writeFile(
      path,
      `${listen(port)}bind 127.0.0.1\nsentinel monitor ${name} 127.0.0.1 ${serverPorts[0]} 2\nsentinel down-after-milliseconds ${name} 1000\nsentinel failover-timeout ${name} 2000\n${auth}`,
    )
    return path
  }
  for (const [index, port] of sentinelPorts.entries())
    sentinels.push(
      createDaemon(`sentinel-${index}`, [
        'redis-server',
        await writeSentinel(port, index),
        '--sentinel',
      ]),
    )

  const ask = async (port: number, work: (redis: Redis) => Promise<unknown>): Promise<unknown> => {
    const redis = new Redis({
      port,
      ...(password !== undefined && { password }),
      ...(tls !== null && { host: '127.0.0.1', tls: { ca: await readFile(tls.ca) } }),
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      connectTimeout: 1000,
    })
    redis.on('error', () => {})
    try {
      await redis.connect()
      return await work(redis)
    } finally {
      redis.disconnect()
    }
  }
  const masterPort = async (): Promise<number> => {
    for (const port of sentinelPorts) {
      const found = await ask(port, (redis) =>
        redis.call('SENTINEL', 'get-master-addr-by-name', name),
      ).catch(() => null)
      if (Array.isArray(found)) return Number(found[1])
    }
    throw new Error('no sentinel knows a master')
  }
  /**
   * Two replicas follow the master, and each sentinel knows both of them and the other sentinels: a
   * sentinel that was never told of a replica can promote none.
   */
  const ready = (): Promise<void> =>
    until('each sentinel knows both replicas', async () => {
      const info = String(await ask(await masterPort(), (redis) => redis.info('replication')))
      if (!/role:master/.test(info) || !/connected_slaves:2/.test(info)) return false
      const known = await Promise.all(
        sentinelPorts.map((port) => ask(port, (redis) => redis.info('sentinel'))),
      )
      return known.every((each) => /status=ok,.*slaves=2,sentinels=3/.test(String(each)))
    })

  atEnd(() => Promise.all([...sentinels, ...servers].map((daemon) => daemon.kill())))
  for (const daemon of [...servers, ...sentinels]) daemon.start()
  await ready()
  const query = new URLSearchParams({
    ...(password !== undefined && {
      password_file: join(dir, 'password'),
      sentinel_password_file: join(dir, 'password'),
    }),
    ...(tls !== null && { tls: 'yes', ca_file: tls.ca }),
  })
  if (password !== undefined)
    await writeFile(join(dir, 'password'), `${password}\n`, { mode: 0o600 })
  return {
    url: `redis-sentinel://${sentinelPorts.map((port) => `127.0.0.1:${port}`).join(',')}/${name}${query.size === 0 ? '' : `?${query.toString()}`}`,
    servers,
    sentinels,
    async master() {
      const index = serverPorts.indexOf(await masterPort())
      const found = servers[index]
      if (found === undefined) throw new Error('the master is not one of ours')
      return found
    },
    async restartEmpty() {
      await Promise.all([...sentinels, ...servers].map((daemon) => daemon.kill()))
      for (const [index, port] of serverPorts.entries()) {
        await rm(join(dir, `redis-${index}`), { recursive: true, force: true })
        await writeServer(port, index)
      }
      for (const [index, port] of sentinelPorts.entries()) await writeSentinel(port, index)
      for (const daemon of [...servers, ...sentinels]) daemon.start()
      await ready()
    },
  }
}
