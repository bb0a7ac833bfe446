import { engineInThisThread } from '../sealing/chunk-engine.ts'
import { fastBulk as bulk } from '../sealing/fast-bulk.ts'
import { failureOfSealing } from '../sealing/decide.ts'
import { noAnswers } from '../sealing/join-answers.ts'
import { ReplyBox } from '../sealing/reply-box.ts'
import { BundleReader, maxBundleBytes } from '../../replies/bundle-reader.ts'
import { prepareTip, threadOf } from '../sealing/reply-words.ts'
import type { Thread } from '../../thread/thread.ts'
import { PreparedFiles } from '../sealing/prepared-files.ts'
import { type CleanFile, describePrepared } from '../sealing/prepare-file.ts'
import {
  noReplies,
  type OpenedAnswers,
  type RepliesState,
  type SentWords,
} from '../sealing/replies.ts'
import { ProgressMeter } from '../sealing/progress-meter.ts'
import { sealEnvelope } from '../sealing/seal-envelope.ts'
import {
  type AddedFile,
  firstMessage,
  type Sealer,
  SealingError,
  type Sending,
  type SendingProgress,
  type SendOptions,
  type TrustedKeyring,
} from '../sealing/sealer.ts'
import { recipientsInForce } from '../sealing/recipients-in-force.ts'
import { checkSigned, describeKeyring, type SignedKeyring } from '../sealing/trusted-keyring.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { Day } from '../../time/day.ts'
import { collectEnvelope, maxOfflineBytes, type SealedFile } from './sealed-file.ts'

export interface OfflineDependencies {
  /** The keyring that is part of the file. It is checked with the root key on every call. */
  keyring: Uint8Array
  signature: Uint8Array
  rootKey: string
  clean: CleanFile
  today: () => Day
  /** A clock in milliseconds with any starting point. */
  now: () => number
  /** Lets the page draw and handle events. */
  yieldToPage: () => Promise<void>
  /** Offers the sealed file to the person for saving. */
  save: (content: Blob) => void
}

/**
 * A sealer that uses neither network nor workers, which a page opened from a file may not start.
 * Its result is a sealed file.
 */
export class OfflineSealer implements Sealer {
  readonly #dependencies: OfflineDependencies
  readonly #files: PreparedFiles
  #nextId = 0
  #box: ReplyBox | null = null
  #thread: Thread | null = null
  #onReplies: (state: RepliesState) => void = () => undefined

  constructor(dependencies: OfflineDependencies) {
    this.#dependencies = dependencies
    this.#files = new PreparedFiles(dependencies.clean)
  }

  async loadKeyring(): Promise<TrustedKeyring> {
    return describeKeyring(this.#signed(), this.#dependencies.today())
  }

  addFile(file: File, { metadata }: { metadata: 'remove' | 'keep' }): AddedFile {
    const id = this.#nextId++
    const prepared = this.#files.add(id, file, metadata).then(describePrepared)
    prepared.catch(() => undefined)
    return { id, prepared }
  }

  removeFile(id: number): void {
    this.#files.remove(id)
  }

  send(
    tip: DetentionTip,
    fileIds: readonly number[],
    onProgress: (progress: SendingProgress) => void,
    options: SendOptions = firstMessage,
  ): Sending {
    const stopped = new AbortController()
    const done = this.#seal({ tip, options }, fileIds, onProgress, stopped.signal).then(
      ({ receipt, sent }) => ({ receipt, ...sent }),
      (error: unknown) => {
        throw stopped.signal.aborted ? stopped.signal.reason : failureOfSealing(error)
      },
    )
    // Sealing takes so little time that it cannot be paused.
    return {
      pause() {},
      resume() {},
      cancel: () => stopped.abort(new SealingError('CANCELLED', 'sealing was stopped')),
      done,
    }
  }

  watchReplies(onChange: (state: RepliesState) => void): void {
    this.#onReplies = onChange
  }

  /** Nothing is fetched without a network: the answers come in a file. */
  fetchReplies(): void {}

  async takeReplies(file: Blob): Promise<void> {
    // Older drops come in files of their own, after the one with the indexes.
    const box = this.#box ?? new ReplyBox(this.#signed(), this.#dependencies.today())
    const reader = new BundleReader((name, bytes) => box.take(name, bytes))
    try {
      reader.take(new Uint8Array(await file.slice(0, maxBundleBytes).arrayBuffer()))
    } catch {
      // What was read before the damage counts: each part is checked by itself.
    }
    this.#box = box
    this.#onReplies({ ...noReplies, ...box.describe(), isJudged: true, fetching: 'done' })
  }

  async openAnswers(secret: Uint8Array | null): Promise<OpenedAnswers> {
    if (secret !== null) this.#thread = threadOf(secret)
    if (this.#thread === null || this.#box === null) return noAnswers
    return await this.#box.open(this.#thread)
  }

  close(): void {}

  #signed(): SignedKeyring {
    const { keyring, signature, rootKey } = this.#dependencies
    return checkSigned({ bytes: keyring, signature }, rootKey)
  }

  async #seal(
    { tip, options }: { tip: DetentionTip; options: SendOptions },
    ids: readonly number[],
    onProgress: (progress: SendingProgress) => void,
    signal: AbortSignal,
  ): Promise<SealedFile & { sent: SentWords }> {
    const { today, now, yieldToPage, save } = this.#dependencies
    refuseOver(this.#files.totalBytes(ids))
    const meter = new ProgressMeter('preparing', this.#files.totalBytes(ids), onProgress, now)
    const engine = engineInThisThread(bulk.cipher)
    try {
      const files = await this.#files.whenPrepared(
        ids,
        (doneBytes) => meter.done(doneBytes),
        options.mustBeClean,
      )
      const state = this.#box?.describe() ?? noReplies
      if (state.keys.state === 'replayed')
        throw new SealingError('KEYRING_REPLAYED', 'staff have replaced the keyring of this page')
      const prepared = prepareTip({
        tip,
        wish: options.words,
        open: this.#thread,
        canAnswer: state.canAnswer,
        language: options.language,
      })
      const envelope = await sealEnvelope({
        engine,
        tip: prepared.tip,
        files,
        recipients: recipientsInForce(this.#signed(), today()),
      })
      refuseOver(envelope.bytes)
      meter.enter('sending', envelope.bytes)
      const sealed = await collectEnvelope(envelope, {
        digest: bulk.startSha256(),
        onBytes: (doneBytes) => meter.done(doneBytes),
        signal,
        yieldToPage,
      })
      meter.enter('finishing')
      save(sealed.content)
      this.#thread = prepared.thread
      return { ...sealed, sent: prepared.sent }
    } finally {
      meter.stop()
      engine.wipe()
    }
  }
}

function refuseOver(bytes: number): void {
  if (bytes > maxOfflineBytes)
    throw new SealingError('TOO_LARGE', 'the envelope is too large for the memory of a browser')
}
