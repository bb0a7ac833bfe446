import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'
import { textsOf } from '../page/all-texts.ts'
import { isLanguage, type Language, LANGUAGES } from '../page/languages.ts'
import { type PageFrame, problemPage } from '../page/pages.ts'
import type { ProblemText } from '../page/texts.ts'
import type { Challenge } from '../proof-of-work/challenge.ts'
import { type ProblemCode, problemStatus } from '../wire/problem-codes.ts'
import { receiptsPath } from '../wire/names.ts'
import { MemoByOwner } from './memo.ts'

/**
 * More pages than there are problems in all languages. A refusal must cost less than the request it
 * refuses.
 */
const MOST_PROBLEM_PAGES = 1_000
const problemPages = new MemoByOwner<Buffer>(MOST_PROBLEM_PAGES)

/** A refused client that keeps sending is cut off after this time or this many unread bytes. */
const LINGER_MS = 5_000
const LINGER_BYTES = 4 * 1024 * 1024

const RETRY_AFTER_SECONDS = 60
const RETRY_LATER: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'TOO_MANY_UPLOADS',
  'NO_SPACE',
  'STORE_DOWN',
  'BEING_STORED',
  'DRAINING',
  'TOO_MANY_REQUESTS',
  'TOO_MANY_UNFINISHED',
])

/**
 * The language of `?lang=`, otherwise that of the path, otherwise the one that the browser prefers.
 */
export function languageOf(request: Request): Language {
  const asked = request.query['lang']
  if (isLanguage(asked)) return asked
  const fromPath = request.path.split('/')[1]
  if (isLanguage(fromPath)) return fromPath
  const accepted = request.acceptsLanguages([...LANGUAGES])
  return isLanguage(accepted) ? accepted : LANGUAGES[0]
}

/** Browsers prefer HTML in their `Accept` header. Programs that send no preference get JSON. */
export function prefersHtml(request: Request): boolean {
  return request.accepts(['json', 'html']) === 'html'
}

/** Answers with an RFC 9457 problem, or with a page in the source's language. */
export function answerProblem(
  request: Request,
  response: Response,
  {
    code,
    challenge,
    status = problemStatus[code],
    frame,
  }: {
    code: ProblemCode
    challenge?: Challenge | undefined
    status?: number | undefined
    frame: Omit<PageFrame, 'language'>
  },
): void {
  if (response.headersSent || response.destroyed) return
  const isPage = prefersHtml(request)
  response.status(status)
  response.type(isPage ? 'text/html; charset=utf-8' : 'application/problem+json')
  // a client that sends too many requests must at least open a new connection
  if (code === 'TOO_MANY_REQUESTS') response.set('Connection', 'close')
  if (RETRY_LATER.has(code)) response.set('Retry-After', String(RETRY_AFTER_SECONDS))
  finish(
    request,
    response,
    isPage
      ? pageFor({
          ...frame,
          language: languageOf(request),
          code,
          wasSending: request.method === 'POST' && request.path !== receiptsPath,
        })
      : Buffer.from(problemJson(code, { challenge, status })),
  )
}

function pageFor(options: Parameters<typeof problemPage>[0]): Buffer {
  const { language, isDemo, organisation, code, wasSending } = options
  return problemPages.get(organisation ?? null, `${language} ${code} ${isDemo} ${wasSending}`, () =>
    Buffer.from(problemPage(options)),
  )
}

/** English texts for programs. The type makes sure that every code has a text. */
const PROBLEM_TEXTS: Readonly<Record<ProblemCode, ProblemText>> = textsOf('en').problems.texts

export function problemJson(
  code: ProblemCode,
  {
    challenge,
    status = problemStatus[code],
  }: { challenge?: Challenge | undefined; status?: number } = {},
): string {
  const [title, detail] = PROBLEM_TEXTS[code]
  return `${JSON.stringify({ type: 'about:blank', status, code, title, detail, challenge })}\n`
}

/**
 * Answers. If the body has not been read to its end, the connection stays open for a while: closing
 * it with bytes unread would reset it, and the client might never see why it was refused.
 */
function finish(request: Request, response: Response, body: Buffer): void {
  response.set('Content-Length', String(body.length))
  if (request.complete) {
    response.end(body)
    return
  }
  response.set('Connection', 'close')
  response.write(body)
  void linger(request).then(() => response.end())
}

function linger(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let unread = 0
    const timer = setTimeout(resolve, LINGER_MS)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    request.once('end', done).once('close', done).once('error', done)
    request.on('data', (chunk: Buffer) => {
      unread += chunk.length
      // the rest stays in the buffers of the client while it reads the answer
      if (unread > LINGER_BYTES) request.pause()
    })
  })
}
