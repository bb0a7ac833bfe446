import { CodedError } from '../errors/coded-error.ts'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect as connectTls } from 'node:tls'
import { once } from 'node:events'
import type { SocksProxy } from './connect-through.ts'
import { connectThrough } from './connect-through.ts'

/** `NOT_CONNECTED`: no byte of the request was sent. `BROKEN`: some bytes may have arrived. */
export type ExchangeErrorCode = 'NOT_CONNECTED' | 'BROKEN' | 'ANSWER_TOO_LONG'

export class ExchangeError extends CodedError<ExchangeErrorCode> {
  override readonly name = 'ExchangeError'
}

export interface HttpRequest {
  method: string
  url: URL
  headers?: Record<string, string>
  body?: Uint8Array
  /** A unix socket to connect to instead of the URL's host. */
  socketPath?: string | undefined
  socks?: SocksProxy | null
  circuit?: string
  /** The limit for the whole exchange, from connecting to the end of the answer. */
  timeoutMs: number
  maxAnswerBytes: number
}

export interface HttpAnswer {
  status: number
  header(name: string): string | null
  body: Uint8Array
}

/**
 * Sends one request on a connection of its own and returns the answer, whatever its status.
 * Follows no redirect.
 * @throws ExchangeError; its message names no address.
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(request.timeoutMs)
  const outgoing = await open(request, signal)
  try {
    const answer = await send(outgoing, request.body, signal)
    const body = await readBounded(answer, request.maxAnswerBytes)
    return {
      status: answer.statusCode ?? 0,
      header: (name) => firstOf(answer.headers[name.toLowerCase()]),
      body,
    }
  } catch (cause) {
    if (cause instanceof ExchangeError) throw cause
    throw new ExchangeError(
      hasConnected(outgoing) ? 'BROKEN' : 'NOT_CONNECTED',
      'the connection broke',
      cause,
    )
  } finally {
    outgoing.destroy()
  }
}

async function open(
  { method, url, headers, body, socketPath, socks, circuit, timeoutMs }: HttpRequest,
  signal: AbortSignal,
): Promise<ClientRequest> {
  const isTls = url.protocol === 'https:'
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  const options: RequestOptions = {
    method,
    signal,
    headers: { ...headers, ...length, connection: 'close' },
  }
  if (socketPath !== undefined) return requestHttp(url, { ...options, socketPath, agent: false })
  if (!socks) return (isTls ? requestHttps : requestHttp)(url, { ...options, agent: false })
  const port = Number(url.port) || (isTls ? 443 : 80)
  const isolation = circuit === undefined ? { timeoutMs } : { timeoutMs, circuit }
  const socket = await connectThrough(socks, { hostname: url.hostname, port }, isolation).catch(
    (cause: unknown) => {
      throw new ExchangeError('NOT_CONNECTED', 'the proxy could not connect', cause)
    },
  )
  const connection = isTls ? connectTls({ socket, servername: url.hostname }) : socket
  // With any `agent`, even false, Node ignores `createConnection`, resolves the name itself and
  // connects without the proxy.
  return (isTls ? requestHttps : requestHttp)(url, {
    ...options,
    defaultPort: isTls ? 443 : 80,
    createConnection: () => connection,
  })
}

/** With `expect: 100-continue` the body is sent only when the server asks for it. */
async function send(
  outgoing: ClientRequest,
  body: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  // A server that answers early may cut off the rest of the body: that is not an error.
  outgoing.on('error', () => undefined)
  const answered = once(outgoing, 'response', { signal })
  if (outgoing.getHeader('expect') === undefined) outgoing.end(body)
  else {
    outgoing.once('continue', () => outgoing.end(body))
    outgoing.flushHeaders()
  }
  const [answer] = (await answered) as [IncomingMessage]
  return answer
}

function hasConnected({ socket }: ClientRequest): boolean {
  return (socket?.bytesWritten ?? 0) > 0
}

async function readBounded(answer: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes)
      throw new ExchangeError('ANSWER_TOO_LONG', `the answer is over ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function firstOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}
