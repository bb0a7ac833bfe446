import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Challenge } from '../../../src/proof-of-work/challenge.ts'

export interface StubUpload {
  length: number
  metadata: string
  bytes: Buffer
}

/** A fault of the next request that matches; each happens once. */
export interface Fault {
  method: string
  /** Matches only once the upload has this many bytes. */
  fromOffset?: number
  /** Break the connection after this many bytes of the body. */
  cutAfterBytes?: number
  /** Answer with this status without reading the body. */
  status?: number
  problem?: string
  retryAfterSeconds?: number
  challenge?: Challenge
  /** Process the request, but lose the answer. */
  isAnswerLost?: boolean
  /** Read nothing and never answer. */
  isSilent?: boolean
  /** Called before the server looks at the request. */
  before?: (upload: StubUpload | undefined) => void
}

/**
 * A tus server that can be made to fail. It keeps the part of a body that arrived before a break.
 */
export interface TusStub {
  url: string
  server: Server
  uploads: Map<string, StubUpload>
  /** All uploads ever created, in order, including those that no longer exist. */
  created: StubUpload[]
  faults: Fault[]
  requests: string[]
  /** Receipts that the server knows. */
  receipts: Set<string>
  headersSeen: IncomingMessage['headers'][]
  answerReceipt: (digest: string) => string | null
  listen(): Promise<void>
  stop: () => Promise<void>
}

export async function startTusStub(): Promise<TusStub> {
  const server = createServer(
    (request, response) =>
      void handle(stub, request, response).catch(() => request.socket.destroy()),
  )
  const stub: TusStub = {
    url: '',
    server,
    uploads: new Map(),
    created: [],
    faults: [],
    requests: [],
    receipts: new Set(),
    headersSeen: [],
    answerReceipt: (digest) => digest,
    async listen() {
      server.listen(stub.url === '' ? 0 : Number(new URL(stub.url).port), '127.0.0.1')
      await once(server, 'listening')
      stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  await stub.listen()
  onTestFinished(() => stub.stop())
  return stub
}

async function handle(
  stub: TusStub,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? ''
  const path = request.url ?? ''
  const upload = stub.uploads.get(path)
  stub.requests.push(
    `${method} ${path.startsWith('/receipts/') ? '/receipts' : path.startsWith('/uploads/') ? '/uploads/…' : path}`,
  )
  stub.headersSeen.push(request.headers)
  const fault = takeFault(stub, method, upload)
  fault?.before?.(upload)
  if (fault?.isSilent) return
  if (fault?.status !== undefined) return answerProblem(request, response, fault.status, fault)
  if (path.startsWith('/receipts/'))
    return void response.writeHead(stub.receipts.has(path.slice(10)) ? 200 : 404).end()
  if (method === 'POST' && path === '/submissions') return await takeWhole(stub, request, response)
  if (method === 'POST') return create(stub, request, response)
  if (!stub.uploads.has(path) || !upload) return void response.writeHead(404).end()
  if (method === 'DELETE') {
    stub.uploads.delete(path)
    return void response.writeHead(204).end()
  }
  if (method === 'PATCH') await receive(request, response, upload, fault)
  if (response.headersSent) return
  const receipt = upload.bytes.length === upload.length ? receiptOf(stub, upload) : null
  if (fault?.isAnswerLost) return void request.socket.destroy()
  response
    .writeHead(method === 'PATCH' ? 204 : 200, {
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': upload.bytes.length,
      'Upload-Length': upload.length,
      ...(receipt === null ? {} : { 'Tumen-Receipt': receipt }),
    })
    .end()
}

function takeFault(
  { faults }: TusStub,
  method: string,
  upload: StubUpload | undefined,
): Fault | undefined {
  const at = faults.findIndex(
    (fault) => fault.method === method && (upload?.bytes.length ?? 0) >= (fault.fromOffset ?? 0),
  )
  return at < 0 ? undefined : faults.splice(at, 1)[0]
}

function answerProblem(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  { problem, challenge, retryAfterSeconds }: Fault,
): void {
  request.resume()
  const body =
    problem === undefined ? '' : JSON.stringify({ code: problem, title: 'no', challenge })
  const wait = retryAfterSeconds === undefined ? {} : { 'Retry-After': retryAfterSeconds }
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...wait }).end(body)
}

async function takeWhole(
  stub: TusStub,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = Buffer.concat((await Array.fromAsync(request)) as Buffer[])
  const upload = { length: bytes.length, metadata: '', bytes }
  stub.created.push(upload)
  response.writeHead(201).end(JSON.stringify({ receipt: receiptOf(stub, upload) }))
}

function create(stub: TusStub, request: IncomingMessage, response: ServerResponse): void {
  const upload = {
    length: Number(request.headers['upload-length']),
    metadata: String(request.headers['upload-metadata']),
    bytes: Buffer.alloc(0),
  }
  const path = `/uploads/${randomUUID()}`
  stub.uploads.set(path, upload)
  stub.created.push(upload)
  response.writeHead(201, { Location: path, 'Tus-Resumable': '1.0.0' }).end()
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  upload: StubUpload,
  fault?: Fault,
): Promise<void> {
  if (Number(request.headers['upload-offset']) !== upload.bytes.length)
    return void response.writeHead(409).end()
  const start = upload.bytes.length
  const parts = [upload.bytes]
  let arrived = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      const kept = chunk.subarray(0, (fault?.cutAfterBytes ?? Infinity) - arrived)
      parts.push(kept)
      arrived += kept.length
      if (arrived === fault?.cutAfterBytes) return void request.socket.destroy()
    }
  } finally {
    upload.bytes = Buffer.concat(parts, start + arrived)
  }
}

function receiptOf(stub: TusStub, upload: StubUpload): string | null {
  const digest = createHash('sha256').update(upload.bytes).digest('hex')
  stub.receipts.add(digest)
  return stub.answerReceipt(digest)
}
