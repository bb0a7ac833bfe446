import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import type { Pace } from './pace.ts'

/**
 * Requires the token: as `Bearer`, or as the password of `Basic`, because a browser has no other
 * way to ask a person for it. The user name is ignored. No route behind this guard changes
 * anything, so it does no harm that browsers send the token automatically.
 */
export function tokenGuard(token: string, pace: Pace): RequestHandler {
  const expected = digestOf(token)
  return (request, response, next) => {
    // Digests have equal length, so the comparison takes the same time whatever was sent.
    if (timingSafeEqual(digestOf(presented(request.headers.authorization)), expected)) return next()
    pace.wait(
      () => refuse(response),
      () => request.socket.destroy(),
    )
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The presented token, or an empty text, which is never a token. */
function presented(header: string | undefined): string {
  const [, scheme, credentials = ''] = /^(Bearer|Basic) +([^\s]+)$/i.exec(header ?? '') ?? []
  if (scheme === undefined || scheme.toLowerCase() === 'bearer') return credentials
  return Buffer.from(credentials, 'base64')
    .toString()
    .replace(/^[^:]*:/, '')
}

/** The same answer for every kind of failure. */
function refuse(response: Response): void {
  response
    .status(401)
    .set('www-authenticate', 'Basic realm="Tumen ops", charset="UTF-8"')
    .type('text')
    .send('the token is needed\n')
}
