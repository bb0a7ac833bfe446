import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'
import { textsOf } from '../page/all-texts.ts'
import { isLanguage, type Language, LANGUAGES } from '../page/languages.ts'
import { problemPage } from '../page/pages.ts'
import type { ProblemText } from '../page/texts.ts'
import type { Challenge } from '../proof-of-work/challenge.ts'
import { type ProblemCode, problemStatus } from '../wire/problem-codes.ts'
import { Memo } from './memo.ts'

/** All there are, in all languages: a refusal must cost less than what it refuses. */
const MOST_PROBLEM_PAGES = 500
const problemPages = new Memo<Buffer>(MOST_PROBLEM_PAGES)

/** After this long, or with this much unread, a refused client that goes on sending is cut. */
const LINGER_MS = 5_000
const LINGER_BYTES = 4 * 1024 * 1024

const RETRY_AFTER_SECONDS = 60
const RETRY_LATER: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'TOO_MANY_UPLOADS',
  'NO_SPACE',
  'DRAINING',
  'TOO_MANY_REQUESTS',
  'TOO_MANY_UNFINISHED',
])

/** `?lang=`, then the path, then what the browser asks for. */
export function languageOf(request: Request): Language {
  const asked = request.query['lang']
  if (isLanguage(asked)) return asked
  const fromPath = request.path.split('/')[1]
  if (isLanguage(fromPath)) return fromPath
  const accepted = request.acceptsLanguages([...LANGUAGES])
  return isLanguage(accepted) ? accepted : LANGUAGES[0]
}

/** Browsers say that they prefer HTML; programs that say nothing get JSON. */
export function prefersHtml(request: Request): boolean {
  return request.accepts(['json', 'html']) === 'html'
}

/** RFC 9457, or a page in the source's language. */
export function answerProblem(
  request: Request,
  response: Response,
  {
    code,
    challenge,
    isDemo,
  }: { code: ProblemCode; challenge?: Challenge | undefined; isDemo: boolean },
): void {
  if (response.headersSent || response.destroyed) return
  const isPage = prefersHtml(request)
  response.status(problemStatus[code])
  response.type(isPage ? 'text/html; charset=utf-8' : 'application/problem+json')
  // whoever asks too often must at least knock again
  if (code === 'TOO_MANY_REQUESTS') response.set('Connection', 'close')
  if (RETRY_LATER.has(code)) response.set('Retry-After', String(RETRY_AFTER_SECONDS))
  finish(
    request,
    response,
    isPage ? pageFor(languageOf(request), code, isDemo) : Buffer.from(problemJson(code, challenge)),
  )
}

function pageFor(language: Language, code: ProblemCode, isDemo: boolean): Buffer {
  return problemPages.get(`${language} ${code} ${isDemo}`, () =>
    Buffer.from(problemPage({ language, isDemo, code })),
  )
}

/** For programs, in English; the type holds the page's words against our codes. */
const PROBLEM_TEXTS: Readonly<Record<ProblemCode, ProblemText>> = textsOf('en').problems.texts

export function problemJson(code: ProblemCode, challenge?: Challenge): string {
  const [title, detail] = PROBLEM_TEXTS[code]
  return `${JSON.stringify({ type: 'about:blank', status: problemStatus[code], code, title, detail, challenge })}\n`
}

/**
 * An answer given before the body was read: the whole of it goes out, and then the
 * connection is held a while. Closing with bytes unread would reset it, and the
 * client might never see why it was refused.
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
      // the rest stays in the client's own buffers while it reads the answer
      if (unread > LINGER_BYTES) request.pause()
    })
  })
}
