import { CodedError } from '../../errors/coded-error.ts'
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect as connectTls } from 'node:tls'
import { once } from 'node:events'
import { objectIn } from '../../json/object-in.ts'
import type { SocksProxy } from '../../net/connect-through.ts'
import { connectThrough } from '../../net/connect-through.ts'
import type { Challenge } from '../../proof-of-work/challenge.ts'
import { challengeIn } from '../../proof-of-work/challenge.ts'
import { mayRetry } from '../../wire/may-retry.ts'
import { envelopeType } from '../../wire/names.ts'
import { proofHeader } from '../../wire/proof-header.ts'
import { readRetryAfter } from '../../wire/retry-after.ts'
import { isReceipt } from '../../store/layout.ts'

/** The intake refused an envelope. `isTemporary`: it may accept the same envelope later. */
export class RefusedError extends CodedError<'REFUSED'> {
  override readonly name = 'RefusedError'
  readonly isTemporary: boolean
  /** The proof of work to solve before trying again. */
  readonly challenge: Challenge | null
  /** How long the intake asks to wait; null if it does not say. */
  readonly retryAfterSeconds: number | null

  constructor(
    message: string,
    isTemporary: boolean,
    asked: { challenge?: Challenge | null; retryAfterSeconds?: number | null } = {},
  ) {
    super('REFUSED', message)
    this.isTemporary = isTemporary
    this.challenge = asked.challenge ?? null
    this.retryAfterSeconds = asked.retryAfterSeconds ?? null
  }
}

/** Tor may take a minute to build a circuit to an onion service; after two, it has failed. */
export const silenceMs = 120_000
export const maxAnswerBytes = 64 * 1024

export interface Posting {
  url: URL
  socks: SocksProxy | null
  bytes: number
  content: AsyncIterable<Uint8Array>
}

export interface Sending extends Posting {
  method: 'POST' | 'PATCH'
  headers: Record<string, string>
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/**
 * Posts an envelope; with a proxy, the host name goes to the proxy unresolved.
 * @param posting.proof of work, or `noProofYet`.
 * @returns the receipt the intake gave.
 * @throws RefusedError, or what the connection throws.
 */
export async function postEnvelope({
  proof,
  ...posting
}: Posting & { proof: string }): Promise<string> {
  return readReceipt(
    await sendBytes({
      ...posting,
      method: 'POST',
      headers: { 'content-type': envelopeType, [proofHeader]: proof },
    }),
  )
}

/**
 * @returns the answer, whatever its status.
 * @throws RefusedError if the answer is too long; errors of the connection.
 */
export async function sendBytes(sending: Sending): Promise<Answer> {
  const request = await openRequest(sending)
  try {
    const answer = await sendBody(request, sending)
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await readBody(answer) }
  } finally {
    request.destroy()
  }
}

async function openRequest({
  method,
  url,
  socks,
  bytes,
  headers,
}: Sending): Promise<ClientRequest> {
  const isTls = url.protocol === 'https:'
  const defaultPort = isTls ? 443 : 80
  const options: RequestOptions = {
    method,
    defaultPort,
    headers: {
      ...headers,
      'content-length': bytes,
      accept: 'application/json',
      // So that a refusal arrives before gigabytes are sent.
      expect: '100-continue',
    },
  }
  const port = Number(url.port) || defaultPort
  const plain = socks
    ? await connectThrough(socks, { hostname: url.hostname, port }, { timeoutMs: silenceMs })
    : null
  const socket = plain && isTls ? connectTls({ socket: plain, servername: url.hostname }) : plain
  // With any `agent`, even false, Node ignores `createConnection`, resolves the name itself and
  // connects without the proxy.
  const connection = socket ? { createConnection: () => socket } : { agent: false }
  return (isTls ? requestHttps : requestHttp)(url, { ...options, ...connection })
}

async function sendBody(request: ClientRequest, { content }: Posting): Promise<IncomingMessage> {
  // An intake that answers early may cut off the rest of the body: that is not an error.
  request.on('error', () => undefined)
  request.setTimeout(silenceMs, () => request.destroy(new Error('the connection went silent')))
  const answered = once(request, 'response').then(([answer]) => answer as IncomingMessage)
  // Awaited below; a failure while the body is written is reported there.
  answered.catch(() => undefined)
  request.flushHeaders()
  const go = await Promise.race([
    once(request, 'continue').then(() => true),
    answered.then(() => false),
  ])
  if (go) await writeBody(request, content, answered)
  return await answered
}

async function writeBody(
  request: ClientRequest,
  content: AsyncIterable<Uint8Array>,
  answered: Promise<IncomingMessage>,
): Promise<void> {
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  answered.then(stop, stop)
  for await (const bytes of content) {
    if (stopped.signal.aborted) return
    // A copy: the reader reuses its memory, and the socket may not have sent it yet.
    if (!request.write(bytes.slice()))
      await once(request, 'drain', { signal: stopped.signal }).catch(() => undefined)
  }
  request.end()
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxAnswerBytes)
      throw new RefusedError('the answer is too long to come from an intake', false)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function readReceipt(answer: Answer): string {
  const { receipt } = objectIn(answer.body)
  if (answer.status === 201 && typeof receipt === 'string' && isReceipt(receipt)) return receipt
  throw refusalOf({ ...answer, retryAfter: answer.headers['retry-after'] })
}

/** The refusal in an answer, with the code and detail of its problem document if it has one. */
export function refusalOf({
  status,
  retryAfter,
  body,
}: {
  status: number
  retryAfter: string | null | undefined
  body: string
}): RefusedError {
  const { code, detail } = objectIn(body)
  const said = [code, detail].filter((part) => typeof part === 'string').join(': ')
  // The text comes from the other side: no control characters reach the terminal.
  const reason = said.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').slice(0, 500)
  return new RefusedError(
    `the intake answered ${status}${reason === '' ? '' : ` (${reason})`}`,
    mayRetry(status, typeof code === 'string' ? code : null),
    { challenge: challengeIn(body), retryAfterSeconds: readRetryAfter(retryAfter) },
  )
}
