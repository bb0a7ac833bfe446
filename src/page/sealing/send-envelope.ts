import type { Envelope } from '../../seal/seal-tip.ts'
import {
  pathBelow,
  receiptsPath,
  tusVersion,
  tusVersionHeader,
  uploadsPath,
} from '../../wire/names.ts'
import type { Backoff } from './backoff.ts'
import { decide, passingProblemOf } from './decide.ts'
import { EnvelopeWindow } from './envelope-window.ts'
import type { ProgressMeter } from './progress-meter.ts'
import { ifLoaded } from './if-loaded.ts'
import { SealingError } from './sealer.ts'
import type { SendingControl } from './sending-control.ts'
import { UploadError } from './upload-error.ts'
import type { Exchange } from './xhr-exchange.ts'
import { failureOf } from './xhr-exchange.ts'

export interface SendingParts {
  exchange: Exchange
  /** `upload-round.ts`: not needed for the first look at the page. */
  loadUpload: () => Promise<typeof import('./upload-round.ts')>
  /** `solve-in-page.ts`: needed in a crowd only. */
  loadSolver: () => Promise<typeof import('./solve-in-page.ts')>
  /** Of the page, such as `http://….onion`. */
  origin: string
  /** Fires `online`. */
  online: EventTarget
  backoff: Backoff
  sliceBytes?: number
}

export interface Work {
  /** A fresh envelope each time, with keys of its own. @throws SealingError. */
  seal: () => Promise<Envelope>
  /** SHA-256 of the keyring, 64 hex digits. */
  keyring: string
  control: SendingControl
  meter: ProgressMeter
}

interface UploadUnderWay {
  window: EnvelopeWindow
  url: string | null
}

/** Two of them are in memory, and one in the browser's hands. Between two, a round trip passes. */
const defaultSliceBytes = 4 * 1024 * 1024
/** Another connection still holds the upload: a matter of moments. */
const lockedMs = 1000

/**
 * Seals and sends until the server has it all and says so, however often the connection breaks.
 * @returns the receipt.
 * @throws SealingError.
 */
export async function sendEnvelope(parts: SendingParts, work: Work): Promise<string> {
  return await new EnvelopeSender(parts, work).run()
}

class EnvelopeSender {
  readonly #parts: SendingParts
  readonly #work: Work
  #upload: UploadUnderWay | null = null
  /** The most the server ever said it has. */
  #confirmedBytes = 0
  /** From a break until more has arrived than before it. */
  #isBroken = false
  /** Worked out for the next upload that is begun. */
  #proof: string | null = null

  constructor(parts: SendingParts, work: Work) {
    this.#parts = parts
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
    const window = new EnvelopeWindow(await this.#work.seal(), this.#sliceBytes)
    this.#work.meter.enter('sending', window.bytes)
    return { window, url: null }
  }

  /** @returns whether to go on at once: a proof of work was asked for, and is there. */
  async #prove(error: unknown): Promise<boolean> {
    const { control, meter } = this.#work
    const asks = error instanceof UploadError ? error.asks : null
    // refused for another reason, one is still good
    if (asks === null) return false
    const isAskedAgain = this.#proof !== null
    this.#proof = null
    meter.enter('proving')
    const solver = await this.#parts.loadSolver().catch(() => null)
    this.#proof = (await solver?.solveInPage(asks, control.newRound())) ?? null
    if (control.isPaused || control.isCancelled) return true
    // it was too old, its upload's answer was lost, or the intake began anew: once more, but not
    // without a pause
    if (this.#proof === null || isAskedAgain) return false
    meter.enter('sending')
    return true
  }

  /** Waits for the next try, or throws what cannot be helped. */
  async #recover(error: unknown): Promise<void> {
    const { control, meter } = this.#work
    const decision = decide(error)
    if (decision instanceof SealingError) throw decision
    const problem = passingProblemOf(error)
    // The server has answered: that is no break in the connection.
    if (!this.#isBroken && problem === null) meter.interrupted()
    this.#isBroken = true
    meter.enter('waiting', undefined, problem)
    if (decision === 'anew') await this.#dropUpload()
    await control.sleep(this.#waitMs(error), this.#parts.online)
  }

  /** Never sooner than the server asks, and then not everybody at the same moment. */
  #waitMs(error: unknown): number {
    if (error instanceof UploadError && error.status === 423) return lockedMs
    const asked = error instanceof UploadError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
    const own = this.#parts.backoff.nextMs()
    return asked > own ? asked + own / 4 : own
  }

  async #tryOnce(upload: UploadUnderWay, signal: AbortSignal): Promise<string> {
    const receipt = await this.#round(upload, signal).catch(async (error: unknown) => {
      // An upload that has become a receipt may be gone by the time we ask for its end.
      if (isGone(error) && (await hasArrived(this.#parts, upload.window, signal)))
        return upload.window.receipt
      throw error
    })
    if (receipt !== null) return checkReceipt(upload.window, receipt)
    if (await hasArrived(this.#parts, upload.window, signal))
      return checkReceipt(upload.window, upload.window.receipt)
    throw new UploadError('PROTOCOL', 'all was sent, and no receipt came')
  }

  async #round(upload: UploadUnderWay, signal: AbortSignal): Promise<string | null> {
    const { exchange, origin, loadUpload } = this.#parts
    const { uploadRound } = await ifLoaded(loadUpload())
    return await uploadRound({
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
    this.#parts.backoff.reset()
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
    if (url && this.#work.control.isCancelled) void forget(this.#parts, url)
  }

  get #sliceBytes(): number {
    return this.#parts.sliceBytes ?? defaultSliceBytes
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
  { exchange, origin }: SendingParts,
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

/** Best effort: what is not asked to be forgotten expires. */
async function forget({ exchange }: SendingParts, url: string): Promise<void> {
  const headers = { [tusVersionHeader]: tusVersion }
  await exchange({
    method: 'DELETE',
    url,
    headers,
    body: null,
    signal: new AbortController().signal,
  }).catch(() => undefined)
}
