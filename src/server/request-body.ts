import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ProblemCode } from '../wire/problem-codes.ts'
import { IntakeError } from './errors.ts'

/**
 * The bytes of a request, read without Node's own iterator, for two reasons. Ending early must not
 * destroy the request: a client that is still sending would see a reset and not our answer. And
 * `100 Continue` must not be sent before the first byte is wanted. Slow clients are normal over
 * Tor; a client that sends nothing for the server's idle time-out (`server.timeout`) is considered
 * dead.
 */
export class RequestBody implements AsyncIterable<Uint8Array> {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  #wake: (() => void) | null = null
  #failure: IntakeError | null = null
  #isEnded = false
  #receivedBytes: number | null = 0

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request
    this.#response = response
  }

  /** Bytes received so far; null once no more will come. */
  get receivedBytes(): number | null {
    return this.#receivedBytes
  }

  /** Makes the iteration throw, even while it waits for bytes. */
  fail(code: ProblemCode): void {
    this.#failure ??= new IntakeError(code, 'the body ended early')
    this.#wakeUp()
  }

  /** Ends the iteration from outside, even while it waits for bytes. */
  stop(): void {
    this.#isEnded = true
    this.#wakeUp()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#isEnded) return
    if (expectsContinue(this.#request)) this.#response.writeContinue()
    const forget = this.#listen()
    try {
      for (;;) {
        if (this.#failure !== null) throw this.#failure
        if (this.#isEnded) return
        const chunk = this.#request.read() as Buffer | null
        if (chunk !== null) yield this.#count(chunk)
        else if (this.#request.readableEnded) return
        else await this.#nextEvent()
      }
    } finally {
      this.#receivedBytes = null
      forget()
    }
  }

  #count(chunk: Buffer): Buffer {
    this.#receivedBytes = (this.#receivedBytes ?? 0) + chunk.length
    return chunk
  }

  #nextEvent(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #wakeUp(): void {
    this.#wake?.()
    this.#wake = null
  }

  /** Only time spent waiting for the client counts; a slow disk is not the client's fault. */
  #onIdle(): void {
    if (this.#wake !== null) this.fail('BODY_TIMEOUT')
    else this.#request.socket.setTimeout(this.#request.socket.timeout ?? 0)
  }

  #listen(): () => void {
    const request = this.#request
    const onReadable = (): void => this.#wakeUp()
    const onClose = (): void => (request.complete ? this.#wakeUp() : this.fail('ABORTED'))
    const onError = (): void => this.fail('ABORTED')
    const onIdle = (): void => this.#onIdle()
    request.on('readable', onReadable).on('end', onReadable)
    request.on('close', onClose).on('error', onError).on('timeout', onIdle)
    if (request.destroyed && !request.complete) this.fail('ABORTED')
    return () => {
      request.off('readable', onReadable).off('end', onReadable)
      request.off('close', onClose).off('error', onError).off('timeout', onIdle)
    }
  }
}

/** Waits with a signal that fires if the connection ends meanwhile. */
export async function waitWhileConnected<T>(
  request: IncomingMessage,
  wait: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { gone, forget } = whenGone(request)
  try {
    return await wait(gone.signal)
  } finally {
    // each request closes once it is answered, and making an unused abort error takes time
    forget()
  }
}

/**
 * A controller that aborts when the connection ends, for code that waits before the body is read.
 * After `forget` the connection no longer matters.
 */
export function whenGone(request: IncomingMessage): { gone: AbortController; forget: () => void } {
  const gone = new AbortController()
  const abort = (): void => gone.abort()
  request.once('close', abort)
  if (request.destroyed) abort()
  return { gone, forget: () => void request.off('close', abort) }
}

/** RFC 9110 §10.1.1: an expectation in an HTTP/1.0 request is ignored. */
function expectsContinue(request: IncomingMessage): boolean {
  return request.httpVersionMinor >= 1 && /^100-continue$/i.test(request.headers.expect ?? '')
}
