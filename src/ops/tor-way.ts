import type { HostPort } from '../../config/parsers.ts'
import type { Settings } from '../../config/settings.ts'
import type { SocksProxy } from '../net/connect-through.ts'
import { readOnionName } from '../tor/address.ts'
import { sharedLayoutOf } from '../tor/layout.ts'

const onionPort = 80

/** Into Tor as TUMEN_TOR_SOCKS says, else by the socket that tor shares; null without either. */
export function socksOf({
  torSocks,
  torDir,
}: Pick<Settings, 'torSocks' | 'torDir'>): SocksProxy | null {
  if (torSocks !== null) return torSocks
  return torDir === null ? null : { path: sharedLayoutOf(torDir).socks }
}

/**
 * The onion that sources use, asked for at each visit: tor may make it later. Its answer is null
 * while there is none.
 */
export type AskForOnion = () => Promise<HostPort | null>

/** As TUMEN_ONION_ADDRESS says, else as tor itself does; null without either. */
export function onionOf({
  onionAddress,
  torDir,
}: Pick<Settings, 'onionAddress' | 'torDir'>): AskForOnion | null {
  if (onionAddress !== null) return async () => onionAddress
  if (torDir === null) return null
  const { address } = sharedLayoutOf(torDir)
  return async () => {
    const host = await readOnionName(address)
    return host === null ? null : { host, port: onionPort }
  }
}
