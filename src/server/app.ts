import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { EnvelopeWalker } from '../age/walk.ts'
import type { BlobStore } from '../store/blob-store.ts'
import type { Clock } from '../time/clock.ts'
import { submissionsPath } from '../wire/names.ts'
import { answerProblem } from './answer.ts'
import { addAssets, addIcon, addOfflineSealer, addRootKey } from './asset-routes.ts'
import { refuseWhile } from './draining.ts'
import { IntakeError, problemOf, ProofNeededError } from './errors.ts'
import type { Fairness } from './fairness/fairness.ts'
import { hardenAnswers } from './hardening.ts'
import { closed, type KeyringSource } from './keyring-source.ts'
import type { PageAssets } from './page-assets.ts'
import { addPages } from './page-routes.ts'
import { addReceipts } from './receipt-routes.ts'
import type { Walker } from './receive.ts'
import { allowOnly } from './routing.ts'
import { submit } from './submissions.ts'
import { addUploads } from './uploads/route.ts'
import type { Uploads } from './uploads/uploads.ts'

export interface IntakeLimits {
  /** The largest envelope, in bytes. */
  maxBytes: number
  /** Days after collection until a receipt is forgotten. */
  retentionDays: number
}

export interface AppParts {
  spool: Pick<BlobStore, 'stage' | 'locate' | 'freeBytes'>
  queue: { announce(receipt: string): void }
  keyring: KeyringSource
  page: PageAssets
  limits: IntakeLimits
  fairness: Fairness
  clock: Clock
  counters: { countOldKeyring(): void }
  /** Without it there is no `/uploads`. */
  uploads?: Uploads
  /** While true no new tip is taken; see `tumen drain`. */
  isDraining?: () => boolean
  /** A seam for tests. */
  createWalker?: () => Walker
}

/**
 * The public surface. Reads no address and no user agent; what it knows of who asks is how much a
 * circuit has of late.
 */
export function createApp(parts: AppParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(keepSilent, ...hardenAnswers)
  app.use(async (request, _response, next) => {
    await parts.fairness.admitRequest(request)
    next()
  })
  addAssets(app, parts.page)
  addIcon(app)
  app.use((_request, _response, next) =>
    next(parts.keyring.current() === null ? closed() : undefined),
  )
  app.use(refuseWhile(parts.isDraining ?? (() => false)))
  addRootKey(app, parts.keyring)
  addOfflineSealer(app, parts)
  addPages(app, parts)
  addSubmissions(app, parts)
  if (parts.uploads !== undefined)
    addUploads(app, { ...parts, uploads: parts.uploads, maxBytes: parts.limits.maxBytes })
  addReceipts(app, parts)
  app.use(() => {
    throw new IntakeError('NOT_FOUND', 'no such route')
  })
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const challenge = error instanceof ProofNeededError ? error.challenge : undefined
    answerProblem(request, response, {
      code: codeOf(error),
      challenge,
      isDemo: parts.keyring.isDemo,
    })
  })
  return app
}

function addSubmissions(app: Express, parts: AppParts): void {
  const { limits, createWalker = () => new EnvelopeWalker() } = parts
  const submission = { ...parts, maxBytes: limits.maxBytes, createWalker }
  app
    .route(submissionsPath)
    .post((request, response) => submit(submission, request, response))
    .all(allowOnly('POST'))
}

/** A clock in every answer would let anyone who keeps copies tell when it was given. */
const keepSilent: RequestHandler = (_request, response, next) => {
  response.sendDate = false
  response.set('Cache-Control', 'no-store')
  next()
}

/** Express itself refuses undecodable paths with a `status` of 400. */
function codeOf(error: unknown): ReturnType<typeof problemOf> {
  if (error instanceof URIError) return 'NOT_FOUND'
  return problemOf(error)
}
