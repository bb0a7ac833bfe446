import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AtEnd, startIn } from '../start-in.ts'
import { createDaemon, type Daemon, hasProgram, until } from './daemon.ts'
import { freePorts } from './free-ports.ts'
import { makeTlsFiles, tlsLines } from './tls-files.ts'

const run = promisify(execFile)

/** Six Redis servers: three masters, each with a replica. */
export interface ClusterSite {
  /** For `TUMEN_REDIS_URL`. */
  readonly url: string
  readonly servers: readonly Daemon[]
  /** The master that holds the slot of this key now. */
  masterOf(key: string): Promise<Daemon>
  dispose(): Promise<void>
}

export function whyNoCluster(): string | null {
  return ['redis-server', 'redis-cli'].every(hasProgram)
    ? null
    : 'redis-server missing: apt-get install redis-server'
}

const nodes = 6

export function startCluster(
  options: { password?: string; isTls?: boolean } = {},
): Promise<ClusterSite> {
  return startIn('cluster', (dir, atEnd) => startNodes({ ...options, dir, atEnd }))
}

async function startNodes(options: {
  password?: string
  isTls?: boolean
  dir: string
  atEnd: AtEnd
}): Promise<Omit<ClusterSite, 'dispose'>> {
  const { password, dir, atEnd } = options
  const tls = options.isTls === true ? await makeTlsFiles(dir) : null
  const secret = password === undefined ? '' : `requirepass ${password}\nmasterauth ${password}\n`
  const ports = await freePorts(2 * nodes)
  // Redis adds 10,000 to the port for its cluster bus unless a port is given.
  const [clientPorts, busPorts] = [ports.slice(0, nodes), ports.slice(nodes)]
  const servers: Daemon[] = []
  for (const [index, port] of clientPorts.entries()) {
    const folder = join(dir, `node-${index}`)
    await mkdir(folder)
    const path = join(dir, `node-${index}.conf`)
    await writeFile(
      path,
      `${tls === null ? `port ${port}\n` : `${tlsLines(port, tls)}tls-cluster yes\n`}${secret}cluster-port ${busPorts[index]}\nbind 127.0.0.1\ndir ${folder}\ncluster-enabled yes\ncluster-node-timeout 2000\nappendonly yes\nappendfsync everysec\nsave ""\nmaxmemory 64mb\nmaxmemory-policy noeviction\nrepl-diskless-sync-delay 0\n`,
    )
    servers.push(createDaemon(`node-${index}`, ['redis-server', path]))
  }
  atEnd(() => Promise.all(servers.map((server) => server.kill())))
  for (const server of servers) server.start()
  const access = [
    ...(tls === null ? [] : ['--tls', '--cacert', tls.ca]),
    ...(password === undefined ? [] : ['--no-auth-warning', '-a', password]),
  ]
  const cli = async (port: number | undefined, ...args: string[]): Promise<string> =>
    (await run('redis-cli', [...access, '-h', '127.0.0.1', '-p', String(port), ...args])).stdout
  for (const port of clientPorts)
    await until('the servers answer', async () => (await cli(port, 'PING')).trim() === 'PONG')
  const ends = clientPorts.map((port) => `127.0.0.1:${port}`)
  await run('redis-cli', [
    ...access,
    '--cluster',
    'create',
    ...ends,
    '--cluster-replicas',
    '1',
    '--cluster-yes',
  ])
  for (const port of clientPorts)
    await until('the cluster is whole', async () =>
      (await cli(port, 'CLUSTER', 'INFO')).includes('cluster_state:ok'),
    )

  if (password !== undefined)
    await writeFile(join(dir, 'password'), `${password}\n`, { mode: 0o600 })
  const query = new URLSearchParams({
    ...(password !== undefined && { password_file: join(dir, 'password') }),
    ...(tls !== null && { tls: 'yes', ca_file: tls.ca }),
  })
  return {
    url: `redis-cluster://${ends.slice(0, 3).join(',')}${query.size === 0 ? '' : `?${query.toString()}`}`,
    servers,
    async masterOf(key) {
      for (const [index, port] of clientPorts.entries()) {
        if (servers[index]?.isRunning() !== true) continue
        const slot = Number((await cli(port, 'CLUSTER', 'KEYSLOT', key)).trim())
        const found = masterPortOf(await cli(port, 'CLUSTER', 'NODES'), slot)
        const server = servers[clientPorts.indexOf(found ?? -1)]
        if (server !== undefined) return server
      }
      throw new Error('no server of the cluster knows the master of that key')
    },
  }
}

/** Lines are `id ip:port@bus flags master ping pong epoch state slot-range…`. */
function masterPortOf(text: string, slot: number): number | null {
  for (const line of text.split('\n')) {
    const [, address = '', flags = '', , , , , , ...ranges] = line.split(' ')
    if (!flags.includes('master') || flags.includes('fail')) continue
    const isOwner = ranges.some((range) => {
      const [from = NaN, to = from] = range.split('-').map(Number)
      return slot >= from && slot <= to
    })
    if (isOwner) return Number(/:(\d+)@/.exec(address)?.[1])
  }
  return null
}
