import type { Envelope } from '../../seal/seal-tip.ts'
import {
  pathBelow,
  receiptsPath,
  tusVersion,
  tusVersionHeader,
  uploadsPath,
} from '../../wire/names.ts'
import type { Backoff } from './backoff.ts'
import type { Sha256Stream } from './bulk.ts'
import { decide, passingProblemOf } from './decide.ts'
import { EnvelopeWindow } from './envelope-window.ts'
import type { ProgressMeter } from './progress-meter.ts'
import { SealingError } from './sealer.ts'
import type { SendingControl } from './sending-control.ts'
import { solveInPage } from './solve-in-page.ts'
import { UploadError } from './upload-error.ts'
import { postWhole, uploadRound } from './upload-round.ts'
import type { Exchange } from './xhr-exchange.ts'
import { failureOf } from './xhr-exchange.ts'

export interface SendingDependencies {
  exchange: Exchange
  /** The page's origin, such as `http://….onion`. */
  origin: string
  /** The event target that fires `online`. */
  online: EventTarget
  backoff: Backoff
  sliceBytes?: number
}

export interface Work {
  /** Makes a fresh envelope with keys of its own on each call. @throws SealingError */
  seal: () => Promise<Envelope>
  /** SHA-256 of the keyring as 64 hex digits. */
  keyring: string
  /** Starts the digest of an envelope, which its receipt must equal. */
  startSha256: () => Sha256Stream
  control: SendingControl
  meter: ProgressMeter
}

interface UploadUnderWay {
  window: EnvelopeWindow
  url: string | null
}

/**
 * Two slices are in memory, and a third one in the browser's buffers. A round trip passes between
 * two slices.
 */
const defaultSliceBytes = 4 * 1024 * 1024
/**
 * The wait while another connection still holds the lock of the upload, which takes only moments.
 */
const lockedMs = 1000
/**
 * An upload belongs to one intake. If it was lost this often without progress, each request
 * probably reaches a different intake. The envelope is then sent in one request, if it is small
 * enough to be held in memory.
 */
const maxTimesLost = 2
const maxWholeBytes = 32 * 1024 * 1024

/**
 * Seals and sends until the server confirms that it has everything, however often the connection
 * breaks.
 * @returns the receipt
 * @throws SealingError
 */
export async function sendEnvelope(dependencies: SendingDependencies, work: Work): Promise<string> {
  return await new EnvelopeSender(dependencies, work).run()
}

class EnvelopeSender {
  readonly #dependencies: SendingDependencies
  readonly #work: Work
  #upload: UploadUnderWay | null = null
  /** The largest number of bytes that the server has ever confirmed. */
  #confirmedBytes = 0
  /** True after a break until the server has confirmed more bytes than before it. */
  #isBroken = false
  /** How often the upload was unknown to the intake that answered, since the last progress. */
  #timesLost = 0
  /** A proof of work for the next upload to be started. */
  #proof: string | null = null

  constructor(dependencies: SendingDependencies, work: Work) {
    this.#dependencies = dependencies
    this.#work = work
  }

  async run(): Promise<string> {
    const { control } = this.#work
    try {
      for (;;) {
        await this.#waitWhilePaused()
        try {
          this.#upload ??= await this.#begin()
          return await this.#tryOnce(this.#upload, control.newRound())
        } catch (error) {
          if (!control.isPaused && !control.isCancelled && !(await this.#prove(error)))
            await this.#recover(error)
        }
      }
    } finally {
      await this.#end()
    }
  }

  async #waitWhilePaused(): Promise<void> {
    const { control, meter } = this.#work
    if (!control.isPaused) return await control.whenRunning()
    meter.enter('paused')
    await control.whenRunning()
    meter.enter(this.#isBroken ? 'waiting' : 'sending')
  }

  async #begin(): Promise<UploadUnderWay> {
    const { seal, startSha256 } = this.#work
    const window = new EnvelopeWindow(await seal(), this.#sliceBytes, startSha256())
    this.#work.meter.enter('sending', window.bytes)
    return { window, url: null }
  }

  /**
   * Computes a proof of work if the server asked for one.
   * @returns whether to try again immediately, because there is a proof
   */
  async #prove(error: unknown): Promise<boolean> {
    const { control, meter } = this.#work
    const challengeText = error instanceof UploadError ? error.challengeText : null
    // A request refused for another reason leaves an existing proof valid.
    if (challengeText === null) return false
    const isAskedAgain = this.#proof !== null
    this.#proof = null
    meter.enter('proving')
    this.#proof = await solveInPage(challengeText, control.newRound())
    if (control.isPaused || control.isCancelled) return true
    // When asked a second time, the proof had expired, the answer that created the upload was lost,
    // or the intake had restarted. A new proof is used, but only after a pause.
    if (this.#proof === null || isAskedAgain) return false
    meter.enter('sending')
    return true
  }

  /** Waits for the next try, or throws an error that another try cannot resolve. */
  async #recover(error: unknown): Promise<void> {
    const { control, meter } = this.#work
    const decision = decide(error)
    if (decision instanceof SealingError) throw decision
    const problem = passingProblemOf(error)
    // If the server has answered, the connection is not broken.
    if (!this.#isBroken && problem === null) meter.interrupted()
    this.#isBroken = true
    meter.enter('waiting', undefined, problem)
    if (decision === 'restart') await this.#dropUpload()
    if (isGone(error)) this.#timesLost += 1
    await control.sleep(this.#waitMs(error), this.#dependencies.online)
  }

  /**
   * Never shorter than the server asks, plus a random part so that not all pages return at once.
   */
  #waitMs(error: unknown): number {
    if (error instanceof UploadError && error.status === 423) return lockedMs
    const asked = error instanceof UploadError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
    const own = this.#dependencies.backoff.nextMs()
    return asked > own ? asked + own / 4 : own
  }

  async #tryOnce(upload: UploadUnderWay, signal: AbortSignal): Promise<string> {
    const receipt = await this.#round(upload, signal).catch(async (error: unknown) => {
      // The upload may already have become a receipt and been removed before this request for its
      // end.
      if (isGone(error) && (await hasArrived(this.#dependencies, upload.window, signal)))
        return upload.window.receipt
      throw error
    })
    if (receipt !== null) return checkReceipt(upload.window, receipt)
    if (await hasArrived(this.#dependencies, upload.window, signal))
      return checkReceipt(upload.window, upload.window.receipt)
    throw new UploadError('PROTOCOL', 'all bytes were sent, but no receipt arrived')
  }

  async #round(upload: UploadUnderWay, signal: AbortSignal): Promise<string | null> {
    const { exchange, origin } = this.#dependencies
    const isWhole = this.#timesLost >= maxTimesLost && upload.window.bytes <= maxWholeBytes
    return await (isWhole ? postWhole : uploadRound)({
      exchange,
      signal,
      window: upload.window,
      uploadUrl: upload.url,
      sliceBytes: this.#sliceBytes,
      keyring: this.#work.keyring,
      proof: this.#proof,
      endpoint: new URL(uploadsPath, origin).href,
      onCreated: (url) => {
        upload.url = url
        this.#proof = null
      },
      onConfirmed: (bytes) => this.#confirm(bytes),
      onSent: (bytes) => this.#sent(bytes, upload.window.bytes),
    })
  }

  #confirm(bytes: number): void {
    if (bytes <= this.#confirmedBytes) return
    this.#confirmedBytes = bytes
    this.#isBroken = false
    this.#timesLost = 0
    this.#dependencies.backoff.reset()
  }

  #sent(bytes: number, totalBytes: number): void {
    const { meter } = this.#work
    meter.done(bytes)
    if (!this.#isBroken || bytes > this.#confirmedBytes)
      meter.enter(bytes === totalBytes ? 'finishing' : 'sending')
  }

  async #dropUpload(): Promise<void> {
    await this.#upload?.window.close()
    this.#upload = null
  }

  async #end(): Promise<void> {
    const url = this.#upload?.url
    await this.#dropUpload()
    if (url && this.#work.control.isCancelled) void deleteUpload(this.#dependencies, url)
  }

  get #sliceBytes(): number {
    return this.#dependencies.sliceBytes ?? defaultSliceBytes
  }
}

function checkReceipt({ receipt }: EnvelopeWindow, answered: string | null): string {
  if (receipt !== null && answered === receipt) return receipt
  throw new SealingError('RECEIPT_MISMATCH', 'the receipt is not the digest of what was sent')
}

function isGone(error: unknown): boolean {
  return (
    error instanceof UploadError &&
    error.method !== 'POST' &&
    (error.status === 404 || error.status === 410)
  )
}

async function hasArrived(
  { exchange, origin }: SendingDependencies,
  { receipt }: EnvelopeWindow,
  signal: AbortSignal,
): Promise<boolean> {
  if (receipt === null) return false
  const url = new URL(pathBelow(receiptsPath, receipt), origin).href
  const answer = await exchange({
    method: 'GET',
    url,
    headers: { Accept: 'application/json' },
    body: null,
    signal,
  })
  if (answer.status === 404) return false
  const failure = failureOf(answer, 'GET')
  if (failure) throw failure
  return true
}

/** Best effort: an upload that the server is not asked to delete expires. */
async function deleteUpload({ exchange }: SendingDependencies, url: string): Promise<void> {
  const headers = { [tusVersionHeader]: tusVersion }
  await exchange({
    method: 'DELETE',
    url,
    headers,
    body: null,
    signal: new AbortController().signal,
  }).catch(() => undefined)
}
