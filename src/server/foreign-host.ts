import type { RequestHandler } from 'express'
import { isLoopback } from '../../config/parsers.ts'

/**
 * Notices whether a request named another host than this machine, as visitors of an onion or of a
 * proxy do. It is used with a demo keyring only: no setting shows what stands in front of the
 * listener, and the key that opens its tips is on this server.
 */
export function createForeignHostWatch(): { look: RequestHandler; hasSeen: () => boolean } {
  let seen = false
  return {
    look(request, _response, next) {
      seen ||= isForeign(request.headers.host)
      next()
    },
    hasSeen: () => seen,
  }
}

/**
 * Clients on a unix socket, and containers, send no name or a single word, which says nothing about
 * where they come from.
 */
function isForeign(host: string | undefined): boolean {
  const name = /^(.*?)\.?(?::\d*)?$/.exec((host ?? '').toLowerCase())?.[1] ?? ''
  return /[.:]/.test(name) && !isLoopback(name)
}
