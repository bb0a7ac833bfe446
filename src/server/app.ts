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
import { submissionsPath, uploadsPath } from '../wire/names.ts'
import { answerProblem } from './answer.ts'
import { addAssets, addIcon, addOfflineSealer } from './asset-routes.ts'
import { refuseWhile } from './draining.ts'
import { BadHeadError, IntakeError, problemOf, ProofNeededError } from './errors.ts'
import type { Fairness } from './fairness/fairness.ts'
import { hardenAnswers } from './hardening.ts'
import { closed, type KeyringSource } from './keyring-source.ts'
import type { PageAssets } from './page-assets.ts'
import { addPages } from './page-routes.ts'
import { addReceipts } from './receipt-routes.ts'
import { addReplies } from './replies/routes.ts'
import type { ReplyShelf } from './replies/shelf.ts'
import type { Walker } from './receive.ts'
import { allowOnly } from './routing.ts'
import type { SpaceState } from './space-state.ts'
import { submit } from './submissions.ts'
import { overrideMethod } from './uploads/tus-request.ts'
import { addUploads } from './uploads/route.ts'
import { headStatusOf } from './unreadable.ts'
import type { Uploads } from './uploads/uploads.ts'

export interface IntakeLimits {
  /** The largest envelope, in bytes. */
  maxBytes: number
  /** Days after collection until a receipt is forgotten. */
  retentionDays: number
}

export interface AppParts {
  spool: Pick<BlobStore, 'stage' | 'locate'>
  space: SpaceState
  queue: { announce(receipt: string): void }
  keyring: KeyringSource
  page: PageAssets
  limits: IntakeLimits
  fairness: Fairness
  clock: Clock
  counters: { countOldKeyring(): void }
  /** The desk's answers. If left out, there are none. */
  replies?: Pick<ReplyShelf, 'find'>
  /** If left out, there is no `/uploads`. */
  uploads?: Uploads
  /** While true, no new tip is accepted; see `tumen drain`. */
  isDraining?: () => boolean
  /** Sees every request, before any other check. */
  watch?: RequestHandler
  /** A seam for tests. */
  createWalker?: () => Walker
}

/**
 * The public HTTP interface. It reads no address and no user agent. All it knows about a client is
 * how much the client's circuit has used lately.
 */
export function createApp(parts: AppParts): Express {
  const frame = {
    isDemo: parts.keyring.isDemo,
    organisation: parts.keyring.organisation?.organisation ?? null,
  }
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(keepSilent, ...hardenAnswers)
  if (parts.watch !== undefined) app.use(parts.watch)
  app.use(async (request, _response, next) => {
    dropLongPreferences(request)
    await parts.fairness.admitRequest(request)
    const status = headStatusOf(request)
    next(status === null ? undefined : new BadHeadError(status))
  })
  addAssets(app, parts.page)
  addIcon(app)
  app.use((_request, _response, next) =>
    next(parts.keyring.current() === null ? closed() : undefined),
  )
  app.use(uploadsPath, overrideMethod)
  app.use(refuseWhile(parts.isDraining ?? (() => false)))
  addOfflineSealer(app, parts)
  addPages(app, parts)
  addSubmissions(app, parts)
  if (parts.uploads !== undefined)
    addUploads(app, { ...parts, uploads: parts.uploads, maxBytes: parts.limits.maxBytes })
  addReceipts(app, parts)
  addReplies(app, { replies: parts.replies ?? { find: () => null } })
  app.use(() => {
    throw new IntakeError('NOT_FOUND', 'no such route')
  })
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const challenge = error instanceof ProofNeededError ? error.challenge : undefined
    answerProblem(request, response, {
      code: codeOf(error),
      challenge,
      status: error instanceof BadHeadError ? error.status : undefined,
      frame,
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

/** Longer than any browser sends. Ranking the entries of 12 kB of preferences takes 5 ms. */
const MAX_PREFERENCE_CHARS = 1024

function dropLongPreferences({ headers }: Request): void {
  for (const name of ['accept', 'accept-language', 'accept-encoding'])
    if ((headers[name]?.length ?? 0) > MAX_PREFERENCE_CHARS) delete headers[name]
}

/** A date in an answer would show when it was sent, and how wrong the clock of this host is. */
const keepSilent: RequestHandler = (_request, response, next) => {
  response.sendDate = false
  response.set('Cache-Control', 'no-store')
  next()
}

/** Express reports a path that cannot be decoded as a `URIError`. */
function codeOf(error: unknown): ReturnType<typeof problemOf> {
  if (error instanceof URIError) return 'NOT_FOUND'
  return problemOf(error)
}
