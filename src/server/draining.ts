import type { Request, RequestHandler } from 'express'
import { LANGUAGES } from '../page/languages.ts'
import { submissionsPath, uploadsPath } from '../wire/names.ts'
import { IntakeError } from './errors.ts'

/**
 * Where a tip begins. What has begun may end: a resumable upload goes on, a receipt can be asked
 * for.
 */
const beginnings: ReadonlySet<string> = new Set([
  'GET /',
  'GET /sealed',
  ...LANGUAGES.map((language) => `GET /${language}`),
  `POST ${submissionsPath}`,
  `POST ${uploadsPath}`,
])

/**
 * Keeps new tips out before a byte of them is read, while `isDraining`. @throws IntakeError
 * `DRAINING`.
 */
export function refuseWhile(isDraining: () => boolean): RequestHandler {
  return (request, _response, next) => {
    if (isBeginning(request) && isDraining())
      throw new IntakeError('DRAINING', 'no new tips for a moment')
    next()
  }
}

/** As express routes: in any case, with or without a slash at the end. */
function isBeginning({ method, path }: Request): boolean {
  const tidied = path.toLowerCase().replace(/(.)\/$/, '$1')
  return beginnings.has(`${method === 'HEAD' ? 'GET' : method} ${tidied}`)
}
