import express from 'express'
import type { ErrorRequestHandler, Express, RequestHandler } from 'express'
import helmet from 'helmet'
import type { ListenAddress } from '../../config/parsers.ts'
import { dashboardHtml, styleHash } from './dashboard.ts'
import type { Figures } from './figures.ts'
import type { Health } from './health.ts'
import { hostGuard } from './host-guard.ts'
import { metricsText } from './metrics.ts'

export interface OpsAppOptions {
  listen: ListenAddress
  stepMinutes: number
  checkHealth(): Promise<Health>
  figures(): Figures | null
}

/** `/livez`, `/readyz`, `/metrics` and `/`, for reading only. */
export function createOpsApp(options: OpsAppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(hostGuard(options.listen), readingOnly, securityHeaders(), notStored)
  // Alive means: this process answers. Nothing else is looked at.
  app.get('/livez', (_request, response) => void response.type('text').send('ok\n'))
  app.get('/readyz', async (_request, response) => {
    const { isReady, problems } = await options.checkHealth()
    response.status(isReady ? 200 : 503).json({ ready: isReady, problems })
  })
  app.get('/metrics', async (_request, response) => {
    const { type, text } = await metricsText(await options.checkHealth(), options.figures(), options.stepMinutes)
    response.set('content-type', type).send(text)
  })
  app.get('/', async (_request, response) => {
    response.type('html').send(dashboardHtml(await options.checkHealth(), options.figures(), options.stepMinutes))
  })
  app.use((_request, response) => void response.status(404).type('text').send('not found\n'))
  app.use(onError)
  return app
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
        defaultSrc: ["'none'"], styleSrc: [styleHash], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"],
      },
    },
    // Plain HTTP on a private address: a browser must not be told to insist on TLS there.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
}

/** Says nothing of the fault to whoever asks. Express knows an error handler by its four arguments. */
const onError: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.status(500).type('text').send('failed\n')
}
