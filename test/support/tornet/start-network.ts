import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { TorProcess } from './tor-process.ts'
import {
  fingerprintOf,
  makeAuthorityKeys,
  spawnTor,
  untilBootstrapped,
  writeTorrc,
} from './tor-process.ts'
import type { OnionTarget, Place } from './torrc.ts'
import {
  authorityLine,
  authorityLines,
  clientLines,
  membershipLines,
  onionDir,
  processLines,
  relayLines,
  serviceLines,
} from './torrc.ts'

export type { OnionTarget } from './torrc.ts'

/** A private Tor network on loopback: see README.md in this folder. */
export interface TorNet {
  /** The SOCKS port of the network's client. */
  readonly socksPort: number
  readonly clientPid: number
  /** The address, `….onion`, of each onion service asked for. */
  readonly onions: Readonly<Record<string, string>>
  /** Lines of a torrc that let one more tor, such as the one under test, join. */
  readonly membership: string
  /** Ends every tor of the network. The folder stays. */
  stop(): Promise<void>
}

/** Enough for a circuit between two strangers: each side picks three or four distinct relays. */
const relayCount = 6

const bootstrapTimeoutMs = 120_000

/**
 * Starts the network in `dir`, which must be absolute, short (unix sockets) and empty. Resolves
 * when the client and the service host have built circuits; an onion's descriptor may need some
 * seconds more, so retry the first request.
 */
export async function startTorNet(
  dir: string,
  onions: Readonly<Record<string, OnionTarget>> = {},
): Promise<TorNet> {
  const [socksPort = 0, ...ports] = await freePorts(3 + relayCount)
  const places = placesOf(dir, ports)
  const authority = prepareAuthority(places[0] as Place)
  const membership = membershipLines(authority)
  for (const [index, place] of places.entries())
    writeTorrc(place.dir, [
      ...membership,
      ...processLines(place, process.pid),
      ...relayLines(place),
      ...(index === 0 ? authorityLines(place) : []),
    ])
  const client = { dir: join(dir, 'client') }
  const host = { dir: join(dir, 'host') }
  const edges = [
    { ...client, lines: clientLines(socksPort) },
    { ...host, lines: serviceLines(host, onions) },
  ]
  for (const edge of edges)
    writeTorrc(edge.dir, [...membership, ...processLines(edge, process.pid), ...edge.lines])
  const running: TorProcess[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((tor) => tor.stop()))
  }
  try {
    for (const { dir: folder } of [...places, ...edges]) running.push(await spawnTor(folder))
    await Promise.all(edges.map((edge) => untilBootstrapped(edge.dir, bootstrapTimeoutMs)))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    socksPort,
    clientPid: running[places.length]?.pid ?? 0,
    onions: Object.fromEntries(Object.keys(onions).map((name) => [name, nameOf(host, name)])),
    membership: `${membership.join('\n')}\n`,
    stop,
  }
}

/** The authority, which is a relay too, then the other relays. */
function placesOf(dir: string, ports: readonly number[]): Place[] {
  const [dirPort = 0, ...orPorts] = ports
  return orPorts.map((orPort, index) => {
    const name = index === 0 ? 'authority' : `relay${index}`
    return { name, dir: join(dir, name), orPort, dirPort }
  })
}

/** @returns the line by which every other tor recognises this authority. */
function prepareAuthority(place: Place): string {
  const v3ident = makeAuthorityKeys((writeTorrc(place.dir, []), place.dir), place.dirPort)
  // A placeholder of the right shape: tor prints no fingerprint for a testing network without one.
  const placeholder = authorityLine(place, { v3ident, fingerprint: 'F'.repeat(40) })
  writeTorrc(place.dir, [
    ...membershipLines(placeholder),
    ...processLines(place, process.pid),
    ...relayLines(place),
  ])
  return authorityLine(place, { v3ident, fingerprint: fingerprintOf(place.dir) })
}

function nameOf(host: Pick<Place, 'dir'>, onion: string): string {
  return readFileSync(join(onionDir(host, onion), 'hostname'), 'utf8').trim()
}

/** All ports are held at once, so that none is handed out twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await once(server.listen(0, '127.0.0.1'), 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  })
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  return ports
}
