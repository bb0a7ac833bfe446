import { isNear, type Settings } from './settings.ts'

/**
 * Whether people other than the users of this machine can reach the page, according to the
 * settings: through an onion, or because the intake listens beyond loopback and unix sockets.
 */
export function isPublic({
  listen,
  onionSocket,
  onionAddress,
  torDir,
}: Pick<Settings, 'listen' | 'onionSocket' | 'onionAddress' | 'torDir'>): boolean {
  return onionSocket !== null || onionAddress !== null || torDir !== null || !isNear(listen)
}
