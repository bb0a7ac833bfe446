import type { SocksProxy } from '../../net/connect-through.ts'
import { exchange } from '../../net/http-exchange.ts'
import type { HttpAnswer } from '../../net/http-exchange.ts'
import {
  chunkType,
  pathBelow,
  receiptHeader,
  tusVersion,
  tusVersionHeader,
  uploadsPath,
} from '../../wire/names.ts'
import { proofHeader } from '../../wire/proof-header.ts'
import { isReceipt } from '../../store/layout.ts'
import { maxAnswerBytes, refusalOf, RefusedError, sendBytes, silenceMs } from './post-envelope.ts'

const version = { [tusVersionHeader]: tusVersion }

export interface UploadOptions {
  /** Origin of the intake (scheme, host, port). */
  origin: URL
  socks: SocksProxy | null
  bytes: number
  /** Reads the envelope from a given byte to its end. */
  read: (from: number) => AsyncIterable<Uint8Array>
}

/** A resumable upload (tus 1.0.0): bytes that the intake already has are not sent again. */
export class ResumableUpload {
  readonly #options: UploadOptions
  /** The address of the upload; null before the intake gave one and after it lost the upload. */
  #url: URL | null = null
  /** The largest number of bytes that the intake has confirmed. */
  confirmedBytes = 0
  /** How often the upload was unknown to the intake that answered, since the last progress. */
  timesLost = 0

  constructor(options: UploadOptions) {
    this.#options = options
  }

  /**
   * Sends the missing bytes.
   * @param proof of work, or `noProofYet`. An upload that was already created needs none.
   * @returns the receipt that the intake gave.
   * @throws RefusedError, ExchangeError or errors of the connection; another call resumes the
   * upload.
   */
  async send(proof: string): Promise<string> {
    const { socks, bytes, read } = this.#options
    const from = this.#url === null ? 0 : await this.#askOffset(this.#url)
    const url = (this.#url ??= await this.#create(proof))
    const headers = {
      ...version,
      'content-type': chunkType,
      'upload-offset': String(from),
    }
    const answer = await sendBytes({
      method: 'PATCH',
      url,
      socks,
      headers,
      bytes: bytes - from,
      content: read(from),
    })
    const receipt = answer.headers[receiptHeader.toLowerCase()]
    if (answer.status === 204 && typeof receipt === 'string' && isReceipt(receipt)) return receipt
    if (isGone(answer.status)) {
      this.#lose()
      throw new RefusedError('another intake answered, which does not have the upload', true)
    }
    throw refusalOf({ ...answer, retryAfter: answer.headers['retry-after'] })
  }

  #lose(): void {
    this.#url = null
    this.timesLost += 1
  }

  async #create(proof: string): Promise<URL> {
    const headers = { 'upload-length': String(this.#options.bytes), [proofHeader]: proof }
    const answer = await this.#ask('POST', new URL(uploadsPath, this.#options.origin), headers)
    if (answer.status !== 201)
      throw refusalOf({
        status: answer.status,
        retryAfter: answer.header('retry-after'),
        body: Buffer.from(answer.body).toString(),
      })
    // An answer must not redirect the envelope to another host.
    const path = URL.parse(answer.header('location') ?? '', this.#options.origin)?.pathname ?? ''
    if (!path.startsWith(pathBelow(uploadsPath, '')))
      throw new RefusedError(
        'the intake gave the upload no address: do not trust this intake or the connection to it',
        false,
      )
    return new URL(path, this.#options.origin)
  }

  /** 0 if the intake no longer knows the upload, which then starts again. */
  async #askOffset(url: URL): Promise<number> {
    const answer = await this.#ask('HEAD', url, {})
    if (isGone(answer.status)) {
      this.#lose()
      return 0
    }
    const offset = Number(answer.header('upload-offset') ?? Number.NaN)
    if (
      answer.status !== 200 ||
      !Number.isSafeInteger(offset) ||
      offset < 0 ||
      offset > this.#options.bytes
    )
      throw refusalOf({
        status: answer.status,
        retryAfter: answer.header('retry-after'),
        body: '',
      })
    if (offset > this.confirmedBytes) this.timesLost = 0
    this.confirmedBytes = Math.max(this.confirmedBytes, offset)
    return offset
  }

  #ask(method: string, url: URL, headers: Record<string, string>): Promise<HttpAnswer> {
    return exchange({
      method,
      url,
      headers: { ...version, ...headers },
      socks: this.#options.socks,
      timeoutMs: silenceMs,
      maxAnswerBytes,
    })
  }
}

function isGone(status: number): boolean {
  return status === 404 || status === 410
}
