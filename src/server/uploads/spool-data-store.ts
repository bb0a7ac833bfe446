import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { DataStore, Upload as TusUpload } from '@tus/server'
import { AgeError } from '../../age/errors.ts'
import { IntakeError } from '../errors.ts'
import type { Admission, Fairness } from '../fairness/fairness.ts'
import type { RequestBody } from '../request-body.ts'
import type { Upload } from './upload.ts'
import type { Uploads } from './uploads.ts'

/** tus 1.0.0, "Protocol Extensions". */
export const EXTENSIONS = ['creation', 'creation-with-upload', 'expiration', 'termination']

/** One request as the store sees it. */
export interface Exchange {
  request: IncomingMessage
  body: RequestBody
  /** Ends the request; the received bytes are kept. */
  stop: () => void
  /** Fires with `stop`, and when the connection ends. */
  signal: AbortSignal
  /** Whether a newer request wants the upload, or the server stops. */
  isStopped: boolean
  isOldKeyring: boolean
  /** The permission to create a new upload; null for a request on an existing one. */
  admission: Admission | null
  /** The upload that the request concerns, for the headers of the answer. */
  upload: Upload | null
}

/**
 * The spool as a tus store, for one request. The body does not pass through `@tus/server`, whose
 * chain of streams loses its buffered bytes when a connection breaks, and also the reason why it
 * broke.
 */
export class SpoolDataStore extends DataStore {
  override readonly extensions = EXTENSIONS
  readonly #uploads: Uploads
  readonly #fairness: Fairness
  readonly #exchange: Exchange

  constructor(uploads: Uploads, fairness: Fairness, exchange: Exchange) {
    super()
    this.#uploads = uploads
    this.#fairness = fairness
    this.#exchange = exchange
  }

  override async create(announced: TusUpload): Promise<TusUpload> {
    const { id, size: bytes = 0 } = announced
    if (bytes === 0) throw new AgeError('PAYLOAD_TRUNCATED', 'no envelope is empty')
    const { request, isOldKeyring, admission } = this.#exchange
    const asked = {
      bytes,
      isOldKeyring,
      circuit: this.#fairness.circuitOf(request),
      entry: admission?.entry ?? 'calm',
    }
    this.#exchange.upload = await this.#uploads.create(id, asked).catch((cause: unknown) => {
      this.#fairness.pressure.note(
        cause instanceof IntakeError && cause.code === 'TOO_MANY_UPLOADS',
      )
      throw cause
    })
    return announced
  }

  /** Leaves out the metadata, because none of it is stored. */
  override async getUpload(id: string): Promise<TusUpload> {
    const upload = await this.#uploads.require(id)
    this.#exchange.upload = upload
    return new TusUpload({ id, size: upload.bytes, offset: upload.offset })
  }

  /** The stream is empty, but it must still be read to its end. */
  override async write(stream: Readable, id: string): Promise<number> {
    stream.resume()
    const { request, body, stop, signal, upload } = this.#exchange
    // an upload keeps the class in which it was admitted, and no second proof of work is required
    const entry = upload?.entry ?? 'calm'
    const release = await this.#fairness.takeSlot({
      request,
      kind: 'resumable',
      entry,
      receivedBytes: () => body.receivedBytes,
      cut: stop,
      signal,
    })
    try {
      return await this.#receive(await this.#uploads.require(id))
    } finally {
      release()
    }
  }

  override async remove(id: string): Promise<void> {
    await this.#uploads.remove(await this.#uploads.require(id))
  }

  async #receive(upload: Upload): Promise<number> {
    if (upload.receipt === null)
      await this.#uploads.receive(
        upload,
        this.#exchange.body,
        this.#fairness.circuitOf(this.#exchange.request),
      )
    else await refuseMore(this.#exchange.body)
    if (this.#exchange.isStopped && !upload.isWhole)
      throw new IntakeError('ABORTED', 'the request was made to end')
    return upload.offset
  }
}

/**
 * A finished upload accepts only an empty request, such as that of a client that missed the answer.
 */
async function refuseMore(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of body) throw new IntakeError('TOO_LARGE', 'the upload is finished')
}
