import { readFileSync } from 'node:fs'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import helmet from 'helmet'
import { EnvelopeWalker } from '../age/walk.ts'
import { homePage, receiptPage } from '../page/pages.ts'
import type { BlobStore } from '../store/blob-store.ts'
import type { Clock } from '../store/clock.ts'
import { isReceipt } from '../store/layout.ts'
import { answerProblem, languageOf, prefersHtml } from './answer.ts'
import { IntakeError, problemOf } from './errors.ts'
import type { KeyringSource, ServedKeyring } from './keyring-source.ts'
import type { Walker } from './receive.ts'
import { UploadSlots } from './slots.ts'
import { submit } from './submissions.ts'

export interface IntakeLimits {
  /** The largest envelope, in bytes. */
  maxBytes: number
  /** Uploads at once. */
  maxUploads: number
}

export interface AppParts {
  spool: Pick<BlobStore, 'stage' | 'locate'>
  queue: { announce(receipt: string): void }
  keyring: KeyringSource
  limits: IntakeLimits
  clock: Clock
  counters: { countOldKeyring(): void }
  /** A seam for tests. */
  createWalker?: () => Walker
}

const STYLE = readFileSync(new URL('../page/style.css', import.meta.url))

const HARDENING = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
  // an onion address needs no TLS, and a promise of it would lock people out
  strictTransportSecurity: false,
})

/** The public surface. Reads no address and no user agent, keeps no state about who asks. */
export function createApp(parts: AppParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(keepSilent, HARDENING)
  app.get('/style.css', (_request, response) => send(response, 'text/css; charset=utf-8', STYLE))
  app.use((_request, _response, next) => next(parts.keyring.current() === null ? closed() : undefined))
  addPages(app, parts)
  addSubmissions(app, parts)
  addReceipts(app, parts)
  app.use(() => {
    throw new IntakeError('NOT_FOUND', 'no such route')
  })
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    answerProblem(request, response, codeOf(error), parts.keyring.isDemo)
  })
  return app
}

function addPages(app: Express, { keyring }: AppParts): void {
  const home: RequestHandler = (request, response) => {
    const { fingerprint, isDemo } = required(keyring)
    response.vary('Accept-Language')
    send(response, 'text/html; charset=utf-8', homePage({ language: languageOf(request), isDemo, fingerprint }))
  }
  const file = (type: string, pick: (served: ServedKeyring) => string | Uint8Array): RequestHandler =>
    (_request, response) => send(response, type, pick(required(keyring)))
  const text = 'text/plain; charset=utf-8'
  route(app, ['/', '/ko', '/zh', '/en'], home)
  route(app, ['/keyring.json'], file('application/json', (served) => served.json))
  route(app, ['/keyring.json.minisig'], file(text, (served) => served.signature))
  route(app, ['/recipients.txt'], file(text, (served) => served.recipients))
  route(app, ['/recipients-x25519.txt'], file(text, (served) => served.recipientsX25519))
}

function addSubmissions(app: Express, parts: AppParts): void {
  const { limits, createWalker = () => new EnvelopeWalker() } = parts
  const slots = new UploadSlots(limits.maxUploads)
  const submission = { ...parts, slots, maxBytes: limits.maxBytes, createWalker }
  app.route('/submissions')
    .post((request, response) => submit(submission, request, response))
    .all(allowOnly('POST'))
}

function addReceipts(app: Express, { spool, keyring }: AppParts): void {
  route(app, ['/receipts/:receipt'], async (request, response) => {
    const receipt = String(request.params['receipt'])
    const prefix = isReceipt(receipt) ? await spool.locate(receipt) : null
    if (prefix === null) throw new IntakeError('NOT_FOUND', 'no such receipt')
    const state = prefix === 'incoming' ? 'accepted' : prefix === 'sealed' ? 'stored' : 'collected'
    if (!prefersHtml(request)) return send(response, 'application/json', `${JSON.stringify({ state })}\n`)
    const frame = { language: languageOf(request), isDemo: keyring.isDemo }
    send(response, 'text/html; charset=utf-8', receiptPage({ ...frame, receipt, state }))
  })
}

function route(app: Express, paths: string[], handler: RequestHandler): void {
  app.route(paths).get(handler).all(allowOnly('GET, HEAD'))
}

function allowOnly(methods: string): RequestHandler {
  return (_request, response) => {
    response.set('Allow', methods)
    throw new IntakeError('METHOD_NOT_ALLOWED', 'no such method here')
  }
}

/** A clock in every answer would let anyone who keeps copies tell when it was given. */
const keepSilent: RequestHandler = (_request, response, next) => {
  response.sendDate = false
  response.set('Cache-Control', 'no-store')
  next()
}

function send(response: Response, type: string, body: string | Uint8Array): void {
  response.type(type).send(Buffer.from(body))
}

function required(keyring: KeyringSource): ServedKeyring {
  const served = keyring.current()
  if (served === null) throw closed()
  return served
}

function closed(): IntakeError {
  return new IntakeError('CLOSED', 'the keyring has run out')
}

/** Express itself refuses undecodable paths with a `status` of 400. */
function codeOf(error: unknown): ReturnType<typeof problemOf> {
  if (error instanceof URIError) return 'NOT_FOUND'
  return problemOf(error)
}
