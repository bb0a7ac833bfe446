import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { onTestFinished } from 'vitest'

type Handler = (request: IncomingMessage, response: ServerResponse, attempt: number) => void

/** An intake that answers as a test specifies, and records what it receives. */
export interface FakeIntake {
  url: string
  port: number
  attempts(): number
  /** Bytes of bodies that arrived, over all attempts. */
  bodyBytes(): number
  headers: IncomingMessage['headers'][]
}

/** Calls `handle` before the body is requested; `response.writeContinue()` requests it. */
export async function startFakeIntake(handle: Handler): Promise<FakeIntake> {
  let attempts = 0
  let bodyBytes = 0
  const headers: IncomingMessage['headers'][] = []
  const server = createHttpServer((_request, response) => response.writeHead(400).end())
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    attempts += 1
    headers.push(request.headers)
    request.on('data', (piece: Buffer) => void (bodyBytes += piece.length))
    handle(request, response, attempts)
  })
  const port = await listen(server)
  onTestFinished(() => server.closeAllConnections())
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    attempts: () => attempts,
    bodyBytes: () => bodyBytes,
    headers,
  }
}

/** Accepts the whole envelope and returns its receipt, like the real intake. */
export const takeIn: Handler = (request, response) => {
  const hash = createHash('sha256')
  response.writeContinue()
  request.on('data', (piece: Buffer) => void hash.update(piece))
  request.on('end', () =>
    response
      .writeHead(201, { 'content-type': 'application/json' })
      .end(JSON.stringify({ receipt: hash.digest('hex'), bytes: 0 })),
  )
}

/** Cuts the connection in the middle of the body. */
export const cutOff: Handler = (request, response) => {
  response.writeContinue()
  request.once('data', () => request.socket.destroy())
}

export const answer =
  (status: number, document: unknown): Handler =>
  (_request, response) => {
    const body = typeof document === 'string' ? document : JSON.stringify(document)
    response
      .writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' })
      .end(body)
  }

export interface FakeSocksProxy {
  port: number
  /** The requested address of each connection: type (1 IPv4, 3 name, 4 IPv6), address, port. */
  asked: { type: number; address: string; port: number }[]
  /** Bytes that went through the proxy. */
  carriedBytes(): number
}

/**
 * A proxy after RFC 1928, without authentication and with CONNECT only. Every connection is
 * forwarded to `target`, or refused with `reply`.
 */
export async function startFakeSocksProxy(
  target: number,
  reply = 0,
  path?: string,
): Promise<FakeSocksProxy> {
  const asked: FakeSocksProxy['asked'] = []
  let carried = 0
  const server = createServer(async (socket) => {
    socket.on('error', () => undefined)
    const [, methods = 0] = await readBytes(socket, 2)
    await readBytes(socket, methods)
    socket.write(Buffer.from([5, 0]))
    const [, , , type = 0] = await readBytes(socket, 4)
    const length = type === 3 ? ((await readBytes(socket, 1))[0] ?? 0) : type === 1 ? 4 : 16
    const address = await readBytes(socket, length)
    const port = (await readBytes(socket, 2)).readUInt16BE()
    asked.push({ type, address: type === 3 ? address.toString() : address.join('.'), port })
    socket.write(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
    if (reply !== 0) return void socket.end()
    const inner = connect(target, '127.0.0.1')
    inner.on('error', () => socket.destroy())
    socket.on('data', (piece: Buffer) => void (carried += piece.length))
    socket.pipe(inner).pipe(socket)
  })
  return { port: await listen(server, path), asked, carriedBytes: () => carried }
}

async function readBytes(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(count) as Buffer | null
    if (bytes !== null) return bytes
    await once(socket, 'readable')
  }
}

/** @returns the port; meaningless for a unix socket. */
async function listen(server: Server, path?: string): Promise<number> {
  await once(path === undefined ? server.listen(0, '127.0.0.1') : server.listen(path), 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
