import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Site } from '../../browser/support/site.ts'
import { startSite } from '../../browser/support/site.ts'
import { startTorNet } from '../../support/tornet/start-network.ts'
import type { ClientTor } from './client-tor.ts'
import { startClientTor } from './client-tor.ts'
import type { Wire } from './wire.ts'
import { openWire } from './wire.ts'

/** A real Tumen behind an onion service of a private Tor network, and a source's tor. */
export interface OnionSite {
  readonly site: Site
  readonly wire: Wire
  readonly client: ClientTor
  /** `http://….onion` */
  readonly origin: string
  /** `host:port` of the SOCKS proxy of the source's tor. */
  readonly socks: string
  /** Stops the source's tor and the network; the site keeps running. */
  leave: () => Promise<void>
}

export async function startOnionSite(): Promise<OnionSite> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-onion-'))
  const endings = [async (): Promise<void> => await rm(dir, { recursive: true, force: true })]
  const leave = async (): Promise<void> => {
    for (const end of endings.splice(0).toReversed()) await end()
  }
  let site: Site | null = null
  try {
    const intakePath = join(dir, 'intake.sock')
    site = await startSite({ env: { TUMEN_ONION_SOCKET: intakePath } })
    const wire = await openWire(join(dir, 'tor.sock'), intakePath)
    endings.push(wire.close)
    const onions = { tips: { target: `unix:${wire.path}`, haproxy: true } }
    const net = await startTorNet(join(dir, 'net'), onions)
    endings.push(() => net.stop())
    const client = await startClientTor(net, join(dir, 'client'))
    endings.push(client.stop)
    return {
      site,
      wire,
      client,
      origin: `http://${net.onions['tips'] ?? ''}`,
      socks: `127.0.0.1:${client.socksPort}`,
      leave,
    }
  } catch (error) {
    await leave()
    await site?.close()
    throw error
  }
}
