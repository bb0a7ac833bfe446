import type { Express, Request, RequestHandler, Response } from 'express'
import { sendAsset } from './asset-routes.ts'
import { IntakeError } from './errors.ts'
import { makeAsset } from './page-assets.ts'

/** Adds a path that can only be read: any method other than GET and HEAD is refused. */
export function route(app: Express, paths: string[], handler: RequestHandler): void {
  app.route(paths).get(handler).all(allowOnly('GET, HEAD'))
}

export function allowOnly(methods: string): RequestHandler {
  return (_request, response) => {
    response.set('Allow', methods)
    throw new IntakeError('METHOD_NOT_ALLOWED', 'no such method here')
  }
}

export function send(response: Response, type: string, body: string | Uint8Array): void {
  response.type(type).send(Buffer.from(body))
}

/** Sends a page, compressed if possible: pages are most of what a slow circuit carries. */
export function sendPage(request: Request, response: Response, document: string): void {
  sendAsset(request, response, makeAsset('text/html; charset=utf-8', Buffer.from(document)))
}
