import { isIP } from 'node:net'
import type { RequestHandler } from 'express'
import type { ListenAddress } from '../../../config/parsers.ts'
import { isOnionName } from '../../../config/parsers.ts'

const wildcards = ['0.0.0.0', '::']

/**
 * A check of the Host header against DNS rebinding: a page in the operator's browser resolves a
 * name of its own to this address, and reads the answers as its own origin. It cannot choose the
 * Host header, so names that are not ours are refused. On a wildcard address every literal IP is
 * accepted: rebinding needs a name. The name of an onion is its key, which no DNS returns; tor
 * connects through the unix socket, and no browser uses that by itself.
 */
export function allowedHost(listen: ListenAddress): (header: string | undefined) => boolean {
  const own = 'host' in listen ? listen.host.toLowerCase() : null
  const names = new Set(['localhost', '127.0.0.1', '::1', ...(own === null ? [] : [own])])
  const takesAnyIp = own !== null && wildcards.includes(own)
  const takesOnions = 'path' in listen
  return (header) => {
    const host = hostOf(header)
    if (host === null) return false
    return names.has(host) || (takesAnyIp && isIP(host) !== 0) || (takesOnions && isOnionName(host))
  }
}

/** The host without port and brackets, in lower case; null when the header is malformed. */
function hostOf(header: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? '')
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null
}

export function hostGuard(listen: ListenAddress): RequestHandler {
  const isAllowed = allowedHost(listen)
  return (request, response, next) => {
    if (isAllowed(request.headers.host)) return next()
    response
      .status(421)
      .type('text')
      .send('This listener does not answer for that host name. Use localhost.\n')
  }
}
