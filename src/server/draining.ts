import type { Request, RequestHandler } from 'express'
import { LANGUAGES } from '../page/languages.ts'
import { submissionsPath, uploadsPath } from '../wire/names.ts'
import { IntakeError } from './errors.ts'

/**
 * Requests that start a tip. What was started may be finished while draining: a resumable upload
 * may continue, and a receipt can be looked up.
 */
const beginnings: ReadonlySet<string> = new Set([
  'GET /',
  'GET /sealed',
  ...LANGUAGES.map((language) => `GET /${language}`),
  `POST ${submissionsPath}`,
  `POST ${uploadsPath}`,
])

/**
 * While `isDraining`, refuses new tips before any of their bytes are read. @throws IntakeError
 * `DRAINING`.
 */
export function refuseWhile(isDraining: () => boolean): RequestHandler {
  return (request, _response, next) => {
    if (isBeginning(request) && isDraining())
      throw new IntakeError('DRAINING', 'no new tips for a moment')
    next()
  }
}

/** Matches as express routes do: in upper or lower case, with or without a slash at the end. */
function isBeginning({ method, path }: Request): boolean {
  const tidied = path.toLowerCase().replace(/(.)\/$/, '$1')
  return beginnings.has(`${method === 'HEAD' ? 'GET' : method} ${tidied}`)
}
