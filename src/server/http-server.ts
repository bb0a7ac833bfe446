import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Fairness } from './fairness/fairness.ts'
import { NO_CONNECT, type RawRefusal, refusalOf, refuseRaw } from './unreadable.ts'

export interface ServerLimits {
  /** A request whose body sends nothing for this long is ended. */
  idleSeconds: number
  fairness: Fairness
}

const CHECK_INTERVAL_MS = 5_000
const MAX_HEADER_BYTES = 16 * 1024
const MAX_HEADERS = 64

/**
 * An HTTP server for slow clients over Tor. Node sends no answer by itself here: every answer comes
 * from `answer` or from `refuseRaw`, is counted, and has no `Date`. `Connections` closes idle
 * connections and those whose request head never ends.
 */
export function createIntakeServer(answer: RequestListener, limits: ServerLimits): Server {
  const { fairness } = limits
  const listener: RequestListener = (request, response) => {
    response.sendDate = false
    response.once('close', fairness.connections.beginRequest(request.socket))
    if (!request.socket.destroyed) answer(request, response)
  }
  const server = createServer(
    {
      headersTimeout: 0,
      // a large envelope over Tor takes hours; `timeout` below ends silent requests
      requestTimeout: 0,
      keepAliveTimeout: 0,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false,
    },
    listener,
  )
  server.timeout = limits.idleSeconds * 1000
  server.maxHeadersCount = MAX_HEADERS
  const { maxConnections, maxWaiting } = fairness.limits
  server.maxConnections = maxConnections + maxWaiting
  // Missing in Node's types. A client that closes its side after sending everything still gets its
  // answer.
  Object.assign(server, { httpAllowHalfOpen: true })
  waitForPlace(server, fairness)
  answerOddRequests(server, listener, fairness)
  return server
}

/** A connection reaches Node's HTTP parser only when it has a place. */
function waitForPlace(server: Server, { circuits, connections }: Fairness): void {
  const [parse] = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) =>
    connections.admit(socket, circuits.of(socket), () => parse?.call(server, socket)),
  )
}

function answerOddRequests(server: Server, listener: RequestListener, fairness: Fairness): void {
  // `answer` sends `100 Continue` itself when it is ready for the body
  server.on('checkContinue', listener)
  server.on('checkExpectation', listener)
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    if (hasAnswer(socket)) socket.destroy()
    else refuseCounted(socket, NO_CONNECT, fairness)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // a second answer must not be written into the middle of the first
    if (!socket.writable || error.code === 'ECONNRESET' || hasAnswer(socket)) socket.destroy()
    else refuseCounted(socket, refusalOf(error), fairness)
  })
}

function hasAnswer(socket: Duplex & { _httpMessage?: ServerResponse | null }): boolean {
  return (socket._httpMessage ?? null) !== null
}

/**
 * Counts as a request of its circuit. Beyond the limit, the connection is closed without an answer.
 */
function refuseCounted(socket: Duplex, refusal: RawRefusal, fairness: Fairness): void {
  socket.on('error', () => socket.destroy())
  fairness.admitConnection(socket as Socket).then(
    () => refuseRaw(socket, refusal),
    () => socket.destroy(),
  )
}
