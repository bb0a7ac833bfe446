import { objectIn } from '../../json/object-in.ts'
import { proofNeeded } from '../../wire/problem-codes.ts'
import { readRetryAfter } from '../../wire/retry-after.ts'
import { UploadError } from './upload-error.ts'

/**
 * A tor client accepts megabytes before it reports that they have left. A circuit on which nothing
 * moves for a minute is dead.
 */
const stallSeconds = 60
/**
 * After the last byte has left the browser, tor must deliver what it still holds, and the server
 * must make it durable.
 */
const answerSeconds = 180
/** Our own server's answers are one line of JSON. */
const maxAnswerChars = 16 * 1024
export interface HttpRequest {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array<ArrayBuffer> | null
  /** Receives the number of bytes of the body that have left so far. */
  onSent?: (bytes: number) => void
  signal: AbortSignal
}

export interface HttpAnswer {
  status: number
  header(name: string): string | null
  text: string
}

/**
 * Sends one request and returns the answer, whatever its status.
 * @throws UploadError `OFFLINE`, `STALLED` or `ABORTED`
 */
export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>

export interface Patience {
  stallSeconds: number
  answerSeconds: number
}

/** Uses XMLHttpRequest, because `fetch` does not report how much of a body has been sent. */
export function createExchange(
  createXhr: () => XMLHttpRequest,
  patience: Patience = { stallSeconds, answerSeconds },
): Exchange {
  return (request) =>
    new Promise((resolve, reject) => exchange(createXhr(), request, patience, resolve, reject))
}

function exchange(
  xhr: XMLHttpRequest,
  request: HttpRequest,
  patience: Patience,
  resolve: (answer: HttpAnswer) => void,
  reject: (error: UploadError) => void,
): void {
  const { method, url, headers, body, signal } = request
  let timer: ReturnType<typeof setTimeout> | undefined
  const abandon = () =>
    settle(() => reject(new UploadError('ABORTED', 'the request was aborted', { method })), true)
  function settle(then: () => void, isAbort = false): void {
    clearTimeout(timer)
    signal.removeEventListener('abort', abandon)
    if (isAbort) xhr.abort()
    then()
  }
  function waitAtMost(seconds: number): void {
    clearTimeout(timer)
    timer = setTimeout(
      () =>
        settle(
          () => reject(new UploadError('STALLED', 'no bytes moved for too long', { method })),
          true,
        ),
      seconds * 1000,
    )
  }
  if (signal.aborted) return abandon()
  signal.addEventListener('abort', abandon)
  xhr.open(method, url, true)
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
  xhr.upload.onprogress = ({ loaded }) => {
    waitAtMost(patience.stallSeconds)
    request.onSent?.(loaded)
  }
  xhr.upload.onload = () => waitAtMost(patience.answerSeconds)
  xhr.onload = () => settle(() => resolve(answerOf(xhr)))
  xhr.onerror = () =>
    settle(() => reject(new UploadError('OFFLINE', 'no answer arrived', { method })))
  waitAtMost(patience.stallSeconds)
  xhr.send(body)
}

function answerOf(xhr: XMLHttpRequest): HttpAnswer {
  return {
    status: xhr.status,
    header: (name) => xhr.getResponseHeader(name),
    text: xhr.responseText.slice(0, maxAnswerChars),
  }
}

/** The error that an answer stands for; null if it is a success. */
export function failureOf(answer: HttpAnswer, method: string): UploadError | null {
  const { status, text } = answer
  if (status >= 200 && status < 300) return null
  const problem = problemIn(text)
  const challengeText = problem === proofNeeded ? text : null
  return new UploadError(
    'STATUS',
    `${method} was answered with ${status}${problem === null ? '' : ` ${problem}`}`,
    {
      status,
      problem,
      method,
      challengeText,
      retryAfterSeconds: readRetryAfter(answer.header('retry-after')),
    },
  )
}

/** RFC 9457: the stable `code` of a problem document. */
function problemIn(text: string): string | null {
  const { code } = objectIn(text)
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : null
}
