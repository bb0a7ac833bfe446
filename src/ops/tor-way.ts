import type { HostPort } from '../../config/parsers.ts'
import type { Settings } from '../../config/settings.ts'
import type { SocksProxy } from '../net/connect-through.ts'
import { readOnionName } from '../tor/address.ts'
import { sharedLayoutOf } from '../tor/layout.ts'

const onionPort = 80

/**
 * The SOCKS proxy of TUMEN_TOR_SOCKS, else the socket that tor shares; null if there is neither.
 */
export function socksOf({
  torSocks,
  torDir,
}: Pick<Settings, 'torSocks' | 'torDir'>): SocksProxy | null {
  if (torSocks !== null) return torSocks
  return torDir === null ? null : { path: sharedLayoutOf(torDir).socks }
}

/**
 * Returns the onion that sources use, or null while there is none. Called for each visit, because
 * tor may create the onion later.
 */
export type AskForOnion = () => Promise<HostPort | null>

/** The onion of TUMEN_ONION_ADDRESS, else the one that tor publishes; null if there is neither. */
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
