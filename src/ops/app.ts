import express from 'express'
import type { ErrorRequestHandler, Express, RequestHandler } from 'express'
import helmet from 'helmet'
import type { ListenAddress } from '../../config/parsers.ts'
import { hostGuard } from './access/host-guard.ts'
import { createPace } from './access/pace.ts'
import { tokenGuard } from './access/token-guard.ts'
import type { History } from './dashboard/history.ts'
import { dashboardHtml, refreshSeconds } from './dashboard/page.ts'
import { runbookHtml } from './dashboard/runbook.ts'
import { styleHash } from './dashboard/style.ts'
import type { Figures } from './figures.ts'
import type { Health } from './health.ts'
import { metricsText } from './metrics.ts'
import { boardPath, createBoard } from './queues/board.ts'
import type { PublishedJob } from './queues/published.ts'

export interface OpsAppOptions {
  listen: ListenAddress
  /** Null: no token is required. */
  token: string | null
  stepMinutes: number
  checkHealth: () => Promise<Health>
  figures: () => Figures | null
  history: History
  /** Failed jobs as of the last step; null when unknown. */
  jobs: () => PublishedJob[] | null
  now: () => Date
}

/** The HTTP application with everything that ops shows. All routes are read-only. */
export function createOpsApp(options: OpsAppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(hostGuard(options.listen), readingOnly, securityHeaders(), notStored)
  if (options.token !== null) app.use(tokenGuard(options.token, createPace()))
  addProgramRoutes(app, options)
  addPages(app, options)
  app.use((_request, response) => void response.status(404).type('text').send('not found\n'))
  app.use(onError)
  return app
}

function addProgramRoutes(
  app: Express,
  { checkHealth, figures, stepMinutes }: OpsAppOptions,
): void {
  // Alive means that this process answers. Nothing else is checked.
  app.get('/livez', (_request, response) => void response.type('text').send('ok\n'))
  app.get('/readyz', async (_request, response) => {
    const { isReady, problems } = await checkHealth()
    response.status(isReady ? 200 : 503).json({ ready: isReady, problems })
  })
  app.get('/metrics', async (_request, response) => {
    const { type, text } = await metricsText(await checkHealth(), figures(), stepMinutes)
    response.set('content-type', type).send(text)
  })
}

function addPages(
  app: Express,
  { checkHealth, figures, stepMinutes, history, jobs, now }: OpsAppOptions,
): void {
  const runbook = runbookHtml()
  app.get('/', async (request, response) => {
    const isHeld = 'still' in request.query
    if (!isHeld) response.set('refresh', String(refreshSeconds))
    response.type('html').send(
      dashboardHtml({
        health: await checkHealth(),
        figures: figures(),
        history,
        stepMinutes,
        now: now(),
        isHeld,
      }),
    )
  })
  app.get('/runbook', (_request, response) => void response.type('html').send(runbook))
  app.use(
    boardPath,
    createBoard(() => {
      const [counts, published] = [figures()?.queue ?? null, jobs()]
      return counts && published && { counts, jobs: published }
    }, stepMinutes),
  )
}

const readingOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next()
  response.status(405).set('allow', 'GET, HEAD').type('text').send('only GET and HEAD\n')
}

const notStored: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store')
  next()
}

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: [styleHash],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Plain HTTP on a private address: HSTS would make browsers insist on TLS there.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
}

/** Reveals nothing about the error. Express recognises an error handler by its four arguments. */
const onError: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.status(500).type('text').send('failed\n')
}
