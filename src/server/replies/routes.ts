import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Express, Request, Response } from 'express'
import { pathBelow, repliesPath } from '../../wire/names.ts'
import { IntakeError } from '../errors.ts'
import { route } from '../routing.ts'
import { type Pieces, slicePieces } from './pieces.ts'
import { readRange } from './range.ts'
import type { ReplyShelf, ShelvedFile } from './shelf.ts'

/**
 * Adds the desk's answers, the same bytes for everybody. There is no validator (`ETag`,
 * `Last-Modified`): what a client asks for must not show what it fetched on an earlier visit.
 */
export function addReplies(app: Express, { replies }: { replies: Pick<ReplyShelf, 'find'> }): void {
  route(app, [pathBelow(repliesPath, ':name')], async (request, response) => {
    const file = replies.find(String(request.params['name']))
    if (file === null) throw new IntakeError('NOT_FOUND', 'no such answer')
    await sendFile(request, response, file)
  })
}

async function sendFile(
  request: Request,
  response: Response,
  { type, content }: ShelvedFile,
): Promise<void> {
  response.type(type).set('Accept-Ranges', 'bytes')
  await sendPieces(request, response, partFor(request, response, content))
}

/** The part that the request asks for. Sets the status and the headers of a partial answer. */
function partFor(request: Request, response: Response, content: Pieces): Pieces {
  // RFC 9110 §14.2: a range is defined for GET alone. §13.1.5: without validators, the condition
  // of `If-Range` never holds, and the whole content is sent.
  const isWhole = request.method !== 'GET' || request.headers['if-range'] !== undefined
  const range = isWhole ? null : readRange(request.headers.range, content.bytes)
  if (range === null) return content
  if (range === 'unsatisfiable') {
    response.set('Content-Range', `bytes */${content.bytes}`)
    throw new IntakeError('RANGE_NOT_SATISFIABLE', 'the range is not in the file')
  }
  const { start, end } = range
  response.status(206).set('Content-Range', `bytes ${start}-${end - 1}/${content.bytes}`)
  return slicePieces(content, start, end)
}

/** Piece by piece, so that a slow client holds one piece in its connection's buffers, not all. */
async function sendPieces(request: Request, response: Response, content: Pieces): Promise<void> {
  response.set('Content-Length', String(content.bytes))
  if (request.method === 'HEAD') return void response.end()
  await pipeline(Readable.from(content.parts, { objectMode: true }), response).catch(() =>
    // The client left, or its connection was closed; no answer can be given any more.
    response.destroy(),
  )
}
