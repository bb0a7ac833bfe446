import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A private Tor network on loopback, as `tornet.mjs` beside the repository runs it. */
export interface TorNet {
  readonly dir: string
  readonly socksPorts: readonly number[]
  readonly onions: Readonly<Record<string, { hostname: string }>>
  readonly pids: Readonly<Record<string, { pid: number }>>
}

export interface TorNetModule {
  start(
    dir: string,
    options: {
      onions?: Record<
        string,
        { target: string; haproxy?: boolean; auth?: boolean; torrc?: string[] }
      >
      relays?: number
      ownerPid?: number
      timeoutMs?: number
    },
  ): Promise<TorNet>
  stop(dir: string): Promise<void>
  socksConnect(
    socksPort: number,
    host: string,
    port: number,
    user?: string,
  ): Promise<import('node:net').Socket>
}

const path = fileURLToPath(new URL('../../../shared/tornet/tornet.mjs', import.meta.url))

/** Null where the network's program is not beside the repository. */
export async function loadTorNet(): Promise<TorNetModule | null> {
  return existsSync(path) ? ((await import(pathToFileURL(path).href)) as TorNetModule) : null
}

/** What a further tor needs in its torrc to be of this network. */
export function networkLines({ dir }: TorNet): string {
  const lines = readFileSync(join(dir, 'client', 'torrc'), 'utf8').split('\n')
  return `${lines.filter((line) => /^(TestingTorNetwork|DirAuthority|PathsNeededToBuildCircuits|FetchDirInfoEarly|GeoIP)/.test(line)).join('\n')}\n`
}
