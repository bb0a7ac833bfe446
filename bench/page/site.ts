import { cleanUp, freePort, startSupervisor, temporaryFolder } from '../../test/supervise/start.ts'
import { openOnionProxy } from '../../test/browser/support/proxy.ts'
import type { Launched, LaunchOptions } from '../../test/browser/support/launch.ts'
import { launch } from '../../test/browser/support/launch.ts'
import { openSlowLine } from './slow-line.ts'

/** The speed and delay of a slow Tor circuit. */
export const circuit = { bytesPerSecond: 250_000, roundTripMs: 800 }

export interface BenchSite {
  folder: string
  /** Allows browsers to connect to another `host:port` of this machine. */
  allow(address: string): void
  open(options: Pick<LaunchOptions, 'browser' | 'level'> & { isSlow: boolean }): Promise<Launched>
  close: () => Promise<void>
}

/** A real site on free ports: supervisor, Redis, intake and worker. */
export async function startBenchSite(): Promise<BenchSite> {
  const folder = await temporaryFolder()
  const port = await freePort()
  const run = await startSupervisor({
    mains: [],
    dataDir: `${folder}/var`,
    env: { TUMEN_LISTEN: `127.0.0.1:${port}`, TUMEN_KEYS_DIR: `${folder}/keys` },
  })
  await run.untilOutput('ready; Ctrl-C')
  const proxy = await openOnionProxy(port, { keepsConnections: true })
  // The slow line is between browser and proxy, where connections stay open, as in Tor Browser.
  const slow = await openSlowLine(Number(proxy.address.split(':')[1]), circuit)
  return {
    folder,
    allow: (address) => proxy.addSite(address, Number(address.split(':')[1])),
    open: ({ isSlow, ...options }) =>
      launch({ ...options, proxyAddress: isSlow ? `127.0.0.1:${slow.port}` : proxy.address }),
    async close() {
      slow.close()
      await proxy.close()
      await cleanUp()
    },
  }
}
