import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import type { Pace } from './pace.ts'

/**
 * Only who sends the token comes in: as `Bearer`, or as the password of `Basic`, because a browser
 * has no other way to ask a person for it. The user name says nothing and is not looked at.
 * Nothing behind this changes anything, so that a browser sends it along by itself does no harm.
 */
export function tokenGuard(token: string, pace: Pace): RequestHandler {
  const expected = digestOf(token)
  return (request, response, next) => {
    // Of equal length, so that comparing takes the same time whatever was sent, and however long.
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

/** The empty text, which is no token, for everything else. */
function presented(header: string | undefined): string {
  const [, scheme, credentials = ''] = /^(Bearer|Basic) +([^\s]+)$/i.exec(header ?? '') ?? []
  if (scheme === undefined || scheme.toLowerCase() === 'bearer') return credentials
  return Buffer.from(credentials, 'base64')
    .toString()
    .replace(/^[^:]*:/, '')
}

/** One answer, whatever was wrong. */
function refuse(response: Response): void {
  response
    .status(401)
    .set('www-authenticate', 'Basic realm="Tumen ops", charset="UTF-8"')
    .type('text')
    .send('the token is needed\n')
}
