import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createBullBoard } from '@bull-board/api'
import type {
  AppControllerRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/dist/types.js'
import express from 'express'
import type { RequestHandler, Router } from 'express'
import helmet from 'helmet'
import { CoarseAdapter } from './coarse-adapter.ts'
import type { ReadPublished } from './coarse-adapter.ts'
import { entryHtml } from './entry.ts'

export const boardPath = '/queues'

/** The routes of the board that only read and that the coarse adapter can answer. */
const servedRoutes = [
  '/api/queues',
  '/api/queues/:queueName/:jobId',
  '/api/queues/:queueName/:jobId/logs',
]

const uiDir = join(
  dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json')),
  'dist',
)

const uiConfig: UIConfig = {
  boardTitle: 'Tumen: queues',
  hideDocsLink: true,
  hideRedisDetails: true,
  showMetrics: false,
  showWorkers: false,
  locale: { lng: 'en-US' },
  miscLinks: [{ text: 'Dashboard', url: '/' }],
  // The same interval as the dashboard.
  pollingInterval: { showSetting: false, forceInterval: 30 },
  // Only the day of a job is shown.
  dateFormats: {
    short: { dateStyle: 'medium', timeZone: 'UTC' },
    common: { dateStyle: 'medium', timeZone: 'UTC' },
    full: { dateStyle: 'medium', timeZone: 'UTC' },
  },
}

/** Bull Board at `boardPath`, read-only. */
export function createBoard(read: ReadPublished, stepMinutes: number): Router {
  const router = express.Router()
  router.use(securityHeaders)
  createBullBoard({
    queues: [new CoarseAdapter(read, stepMinutes)],
    serverAdapter: readingAdapter(router),
    options: { uiConfig, uiBasePath: dirname(uiDir) },
  })
  return router
}

/** A server adapter of our own: it omits those routes of the board that write. */
function readingAdapter(router: Router): IServerAdapter {
  let queues: BullBoardQueues = new Map()
  let config: UIConfig = {}
  const adapter: IServerAdapter = {
    setQueues(given) {
      queues = given
      return adapter
    },
    setUIConfig(given) {
      config = given
      return adapter
    },
    setViewsPath: () => adapter,
    setErrorHandler: () => adapter,
    setStaticPath(route, folder) {
      router.use(
        route,
        express.static(folder, {
          index: false,
          redirect: false,
          etag: false,
          lastModified: false,
          cacheControl: false,
        }),
      )
      return adapter
    },
    setEntryRoute({ route }) {
      const html = entryHtml(
        readFileSync(join(uiDir, 'index.ejs'), 'utf8'),
        `${boardPath}/`,
        config,
      )
      router.get(route, (_request, response) => void response.type('html').send(html))
      return adapter
    },
    setApiRoutes(routes) {
      for (const route of routes) {
        if (
          route.method !== 'get' ||
          typeof route.route !== 'string' ||
          !servedRoutes.includes(route.route)
        )
          continue
        router.get(
          route.route,
          answerWith(route, () => ({ queues, config })),
        )
      }
      return adapter
    },
  }
  return adapter
}

function answerWith(
  route: AppControllerRoute,
  given: () => { queues: BullBoardQueues; config: UIConfig },
): RequestHandler {
  return async (request, response) => {
    const { queues, config } = given()
    const { status = 200, body } = await route.handler({
      queues,
      uiConfig: config,
      query: request.query,
      params: request.params,
      body: {},
      headers: {},
    })
    response.status(status).json(body)
  }
}

/**
 * Allows scripts and styles from this server only. The board's scripts set styles on elements
 * directly, which this policy permits.
 */
const securityHeaders = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'self'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
})
