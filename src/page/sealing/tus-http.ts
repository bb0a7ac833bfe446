import type {
  HttpRequest as TusRequest,
  HttpResponse as TusResponse,
  HttpStack,
} from 'tus-js-client'
import { UploadError } from './upload-error.ts'
import type { Exchange, HttpAnswer } from './xhr-exchange.ts'
import { failureOf } from './xhr-exchange.ts'

/** A slice as passed through tus-js-client, which reads its `size`. */
export interface TusSlice {
  size: number
  bytes: Uint8Array<ArrayBuffer>
}

/**
 * The HTTP layer for tus-js-client. It throws for every answer but success, to bypass the library's
 * own recovery (starting another upload with the same source, or a few retries).
 */
export function createTusHttp(exchange: Exchange, signal: AbortSignal): HttpStack {
  return {
    createRequest: (method, url) => new Request(exchange, signal, method, url),
    getName: () => 'tumen',
  }
}

class Request implements TusRequest {
  readonly #exchange: Exchange
  readonly #signal: AbortSignal
  readonly #method: string
  readonly #url: string
  readonly #headers: Record<string, string> = {}
  #onSent: (bytes: number) => void = () => undefined

  constructor(exchange: Exchange, signal: AbortSignal, method: string, url: string) {
    this.#exchange = exchange
    this.#signal = signal
    this.#method = method
    this.#url = url
  }

  getMethod(): string {
    return this.#method
  }

  getURL(): string {
    return this.#url
  }

  setHeader(name: string, value: string): void {
    this.#headers[name] = value
  }

  getHeader(name: string): string | undefined {
    return this.#headers[name]
  }

  setProgressHandler(onSent: (bytes: number) => void): void {
    this.#onSent = onSent
  }

  async send(slice: TusSlice | null = null): Promise<TusResponse> {
    const method = this.#method
    const answer = await this.#exchange({
      method,
      url: this.#url,
      body: slice?.bytes ?? null,
      signal: this.#signal,
      headers: { ...this.#headers, Accept: 'application/json' },
      onSent: this.#onSent,
    })
    const failure = failureOf(answer, method)
    if (failure) throw failure
    return new Response(answer)
  }

  /** Does nothing, because the round's signal already aborts the request. */
  async abort(): Promise<void> {}

  getUnderlyingObject(): null {
    return null
  }
}

class Response implements TusResponse {
  readonly #answer: HttpAnswer

  constructor(answer: HttpAnswer) {
    this.#answer = answer
  }

  getStatus(): number {
    return this.#answer.status
  }

  getHeader(name: string): string | undefined {
    return this.#answer.header(name) ?? undefined
  }

  getBody(): string {
    return this.#answer.text
  }

  getUnderlyingObject(): null {
    return null
  }
}

/** The error inside those of tus-js-client, whose own texts quote the request. */
export function causeOf(error: unknown): unknown {
  const { causingError } = error as { causingError?: unknown }
  if (causingError) return causingError
  return new UploadError('PROTOCOL', 'the server violates the tus protocol')
}
