import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { problemJson } from './answer.ts'
import type { ProblemCode } from '../wire/problem-codes.ts'
import type { Fairness } from './fairness/fairness.ts'

export interface ServerLimits {
  /** A body that sends nothing this long is dead. */
  idleSeconds: number
  fairness: Fairness
}

/** A head over Tor may take a while to come, but not for ever. */
const HEADERS_TIMEOUT_MS = 60_000
const KEEP_ALIVE_MS = 75_000
const CHECK_INTERVAL_MS = 5_000
const MAX_HEADER_BYTES = 16 * 1024
const MAX_HEADERS = 64

/** Who is one too many must be let in to be weighed against the others. */
const SPARE_CONNECTIONS = 64

/** An HTTP server with time-outs for Tor: slow is normal, silent is dead. */
export function createIntakeServer(answer: RequestListener, limits: ServerLimits): Server {
  const { circuits, connections } = limits.fairness
  const listener: RequestListener = (request, response) => {
    response.once('close', connections.beginRequest(request.socket))
    if (!request.socket.destroyed) answer(request, response)
  }
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      // a large envelope over Tor takes hours; `timeout` below ends what is silent
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    listener,
  )
  server.timeout = limits.idleSeconds * 1000
  server.maxHeadersCount = MAX_HEADERS
  server.maxConnections = limits.fairness.limits.maxConnections + SPARE_CONNECTIONS
  server.on('connection', (socket: Socket) => connections.admit(socket, circuits.of(socket)))
  // the listener answers refusals itself and asks for the body only when it wants it
  server.on('checkContinue', listener)
  server.on('clientError', answerUnreadable)
  return server
}

const UNREADABLE: Readonly<Record<string, readonly [status: string, code: ProblemCode]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'FORM_LIMITS'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'BODY_TIMEOUT'],
}

/** Nothing of the request is repeated, and nothing is logged. */
function answerUnreadable(
  error: NodeJS.ErrnoException,
  socket: Socket & { _httpMessage?: unknown },
): void {
  // an answer that has begun must not get a second one in its middle
  if (!socket.writable || error.code === 'ECONNRESET' || (socket._httpMessage ?? null) !== null) {
    socket.destroy()
    return
  }
  const [status, code] = UNREADABLE[error.code ?? ''] ?? ['400 Bad Request', 'FORM_INVALID']
  const body = problemJson(code)
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
