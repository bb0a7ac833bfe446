import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An invented address of the right length; no onion service has it. */
export const onionHost = `${'tumentestonly'
  .repeat(5)
  .slice(0, 55)
  .replaceAll(/[^a-z2-7]/g, 'a')}d.onion`
export const onionUrl = `http://${onionHost}`

/** One request that a browser sent to the network. */
export interface Exchange {
  method: string
  /** The URL as the browser sent it, or the `host:port` of a CONNECT. */
  target: string
  /** Null before the answer, or if the connection was cut before it. */
  status: number | null
  requestHeaders: IncomingHttpHeaders
  responseHeaders: IncomingHttpHeaders
  bodyBytes: number
}

/** Whether to break the connection now; called for each piece of a body, and before each answer. */
export type Cutter = (at: { exchange: Exchange; isAnswered: boolean }) => boolean

/**
 * The only way out for a browser under test. It records every request, forwards those to the
 * onion's name, and can break like a circuit.
 */
export interface OnionProxy {
  readonly address: string
  readonly exchanges: readonly Exchange[]
  /** Number of connections closed by `cutWhen`, `cut` or `setOffline`. */
  readonly cuts: number
  cutWhen(cutter: Cutter | null): void
  cut(): void
  setOffline(isOffline: boolean): void
  /** Bytes per second to the server; null for no limit. */
  throttleUpload(bytesPerSecond: number | null): void
  /** Adds another reachable site, for the controls that show that requests are recorded. */
  addSite(host: string, port: number): void
  /**
   * Refuses the paths for which `isBlocked` returns true, as when a script cannot be loaded. Null
   * blocks none.
   */
  block(isBlocked: ((path: string) => boolean) | null): void
  /**
   * Forbids what a directive of the policy allows, such as `worker-src`, as browsers do that add
   * rules of their own. Null forbids nothing more.
   */
  forbid(directive: string | null): void
  close: () => Promise<void>
}

interface State {
  server: Server
  exchanges: Exchange[]
  cuts: number
  isOffline: boolean
  cutter: Cutter | null
  uploadBytesPerSecond: number | null
  /** Port on this machine for each reachable host name. */
  ways: Map<string, number>
  isBlocked: (path: string) => boolean
  keepsConnections: boolean
  forbidden: string | null
}

/**
 * @param options.keepsConnections whether a browser may send several requests on one connection, as
 *   over Tor. By default each has its own, so that cutting one is never repaired by another.
 */
export async function openOnionProxy(
  intakePort: number,
  { keepsConnections = false } = {},
): Promise<OnionProxy> {
  const server = createServer()
  const state: State = {
    server,
    exchanges: [],
    cuts: 0,
    isOffline: false,
    cutter: null,
    uploadBytesPerSecond: null,
    ways: new Map([[onionHost, intakePort]]),
    isBlocked: () => false,
    keepsConnections,
    forbidden: null,
  }
  server.on('request', (request, response) => carry(state, request, response))
  // An onion page needs no tunnel: CONNECT requests are recorded and refused.
  server.on('connect', (request, socket) => {
    noteExchange(state, request)
    socket.on('error', () => undefined).end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return handleOf(state)
}

function handleOf(state: State): OnionProxy {
  const { server } = state
  const cut = (): void => {
    state.cuts += 1
    server.closeAllConnections()
  }
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges: state.exchanges,
    get cuts() {
      return state.cuts
    },
    cutWhen(cutter) {
      state.cutter = cutter
    },
    cut,
    setOffline(isOffline) {
      state.isOffline = isOffline
      if (isOffline) cut()
    },
    throttleUpload(bytesPerSecond) {
      state.uploadBytesPerSecond = bytesPerSecond
    },
    addSite(host, port) {
      state.ways.set(host, port)
    },
    block(isBlocked) {
      state.isBlocked = isBlocked ?? (() => false)
    },
    forbid(directive) {
      state.forbidden = directive
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function noteExchange(state: State, request: IncomingMessage): Exchange {
  const exchange: Exchange = {
    method: request.method ?? '',
    target: request.url ?? '',
    status: null,
    requestHeaders: request.headers,
    responseHeaders: {},
    bodyBytes: 0,
  }
  state.exchanges.push(exchange)
  return exchange
}

function carry(state: State, request: IncomingMessage, response: ServerResponse): void {
  const exchange = noteExchange(state, request)
  if (state.isOffline) return void request.socket.destroy()
  const url = URL.canParse(exchange.target) ? new URL(exchange.target) : null
  const port = url?.protocol === 'http:' ? state.ways.get(url.host) : undefined
  if (url === null || port === undefined || state.isBlocked(url.pathname)) return refuse(response)
  const onward = httpRequest({
    host: '127.0.0.1',
    port,
    method: exchange.method,
    path: url.pathname + url.search,
    headers: withoutProxyHeaders(request.headers),
    agent: false,
  })
  // Stored now, because a finished request no longer has its socket.
  const { socket } = request
  const breakOff = (): void => {
    onward.destroy()
    socket.destroy()
  }
  onward.on('error', breakOff)
  request.on('error', breakOff)
  response.on('close', () => {
    if (!response.writableFinished) onward.destroy()
  })
  onward.on('response', (answer) => {
    if (isCut(state, exchange, true)) return breakOff()
    answerWith(state, exchange, answer, response)
  })
  void carryBody(state, exchange, request, onward).catch(breakOff)
}

async function carryBody(
  state: State,
  exchange: Exchange,
  from: IncomingMessage,
  to: NodeJS.WritableStream,
): Promise<void> {
  for await (const piece of from as AsyncIterable<Buffer>) {
    exchange.bodyBytes += piece.length
    if (isCut(state, exchange, false)) throw new Error('cut')
    if (!to.write(piece)) await once(to, 'drain')
    if (state.uploadBytesPerSecond !== null) await pause(piece.length / state.uploadBytesPerSecond)
  }
  to.end()
}

function isCut(state: State, exchange: Exchange, isAnswered: boolean): boolean {
  const isTime = state.isOffline || state.cutter?.({ exchange, isAnswered }) === true
  if (isTime) state.cuts += 1
  return isTime
}

function answerWith(
  { keepsConnections, forbidden }: State,
  exchange: Exchange,
  answer: IncomingMessage,
  response: ServerResponse,
): void {
  exchange.status = answer.statusCode ?? 0
  exchange.responseHeaders = answer.headers
  const { connection: _connection, ...forBrowser } = answer.headers
  // If a response has several policies, a request must be allowed by each of them.
  const more = forbidden === null ? [] : ['content-security-policy', `${forbidden} 'none'`]
  const all = [...answer.rawHeaders, ...more]
  response.writeHead(exchange.status, keepsConnections ? forBrowser : all)
  answer.on('error', () => response.destroy())
  answer.pipe(response)
}

/** The page must not learn from the answer that the host does not exist. */
function refuse(response: ServerResponse): void {
  response.writeHead(502, { connection: 'close' }).end()
}

function withoutProxyHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const {
    'proxy-connection': _connection,
    'proxy-authorization': _authorization,
    ...rest
  } = headers
  return rest
}

/** A real delay: it simulates the slow line, so there is no event to wait for. */
function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
