import { CodedError } from '../../errors/coded-error.ts'
import type { CleaningRemark } from '../../cleaning/clean.ts'
import type { metadataStates } from '../../tip/codes.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { Language } from '../languages.ts'
import type { OpenedAnswers, RepliesState, SentWords, WordsWish } from './replies.ts'
import type { PassingProblem } from '../../wire/problem-codes.ts'

/**
 * Why sealing or sending stopped. The language files contain the text that people read for each
 * code.
 */
export type SealingErrorCode =
  /** The server did not answer when the keyring was fetched. */
  | 'KEYRING_UNREACHABLE'
  /** The keyring is not signed by the root key built into the page. Nothing may be sealed to it. */
  | 'KEYRING_UNTRUSTED'
  /** By the date of this device, the keyring has expired or has no recipient in force. */
  | 'KEYRING_EXPIRED'
  /** Staff have replaced this keyring: the server shows an old one. Nothing may be sealed to it. */
  | 'KEYRING_REPLAYED'
  /** A file cannot be read, or has changed since it was chosen. */
  | 'FILE_UNREADABLE'
  /** The file has no bytes; it may still be in cloud storage. */
  | 'FILE_EMPTY'
  /** Hidden place and time cannot be removed from a file for which the source wishes it. */
  | 'FILE_NOT_CLEANED'
  | 'TOO_LARGE'
  /** The server's storage is full. Sending is repeated only when the person asks for it. */
  | 'NO_SPACE'
  /** Code of the page could not be loaded: the server has a newer page, or the circuit is dead. */
  | 'NOT_LOADED'
  /** The tip is not valid, which is a bug of the page. */
  | 'TIP_INVALID'
  /** The server refused the request. Trying again will not help. */
  | 'REFUSED'
  /** The server's receipt is not the digest of what was sent. */
  | 'RECEIPT_MISMATCH'
  | 'CANCELLED'
  /** The worker died before it had a keyring: the browser may forbid workers. */
  | 'NOT_STARTED'
  /** The worker died: it ran out of memory or has a bug. */
  | 'BROKEN'

export class SealingError extends CodedError<SealingErrorCode> {
  override readonly name = 'SealingError'
  /** The `AddedFile.id` of the file that the error is about. */
  readonly fileId: number | null

  constructor(
    code: SealingErrorCode,
    message: string,
    cause?: unknown,
    fileId: number | null = null,
  ) {
    super(code, message, cause)
    this.fileId = fileId
  }
}

/** The recipients of a tip, after the root's signature has been checked. */
export interface TrustedKeyring {
  /** The fingerprint in eight groups of five digits. */
  fingerprint: readonly string[]
  recipients: readonly { name: string; role: string }[]
  /** The day of the ceremony that made it, `YYYY-MM-DD`. */
  issued: string
  isDemo: boolean
  /** The last valid day, `YYYY-MM-DD`. */
  expires: string
}

/**
 * What was done about hidden place and time in a file: `removed`; `kept` at the source's wish;
 * `none_found` if there was nothing to remove; `cannot_be_removed` for kinds that cannot be
 * cleaned.
 */
export type MetadataOutcome = (typeof metadataStates)[number]

export interface PreparedFile {
  metadata: MetadataOutcome
  /** The size of the content that will be sealed, after cleaning. */
  bytes: number
  /** What the page says about a picture beyond its outcome. */
  remark?: CleaningRemark
}

export interface AddedFile {
  readonly id: number
  /**
   * Resolves when the file has been cleaned and its digest computed. Rejects with SealingError
   * `FILE_UNREADABLE` or `FILE_EMPTY`.
   */
  readonly prepared: Promise<PreparedFile>
}

export type SendingPhase =
  /** Digests are still being computed. */
  | 'preparing'
  | 'sending'
  /** The connection broke, or the server gave a reason to wait. The next try starts by itself. */
  | 'waiting'
  /** The intake is crowded and asked for a proof of work, which is being computed. */
  | 'proving'
  | 'paused'
  /** All bytes are sent, and the server is making them durable. */
  | 'finishing'

export interface SendingProgress {
  phase: SendingPhase
  /** Bytes of the envelope; in the phase `preparing`, bytes of the files. */
  doneBytes: number
  totalBytes: number
  /** The rate over the last seconds; null while it is not known. */
  bytesPerSecond: number | null
  secondsLeft: number | null
  /** How often the connection has broken so far. */
  interruptions: number
  /** The server's reason while `waiting`; null if the connection broke. */
  problem: PassingProblem | null
}

export interface Sent extends SentWords {
  receipt: string
}

/** What is to be written about words, and in which language answers are wanted. */
export interface SendOptions {
  words: WordsWish
  language: Language
  /** The ids of files that may only be sent cleaned; sending rejects with `FILE_NOT_CLEANED`. */
  mustBeClean?: readonly number[]
}

/** A first message, to be answered in English. */
export const firstMessage: SendOptions = { words: 'new', language: 'en' }

export interface Sending {
  pause: () => void
  resume: () => void
  /**
   * Stops sending and asks the server to delete what it has received. `done` rejects with
   * `CANCELLED`.
   */
  cancel: () => void
  /** Resolves with the receipt as 64 lower-case hex digits; rejects with SealingError. */
  readonly done: Promise<Sent>
}

/** The sealing worker's interface for the page. */
export interface Sealer {
  /** Rejects with SealingError `KEYRING_…`; may be called again. */
  loadKeyring(): Promise<TrustedKeyring>
  /** Starts to prepare the file immediately, in the background. */
  addFile(file: File, options: { metadata: 'remove' | 'keep' }): AddedFile
  removeFile(id: number): void
  /**
   * Seals the tip with these files and sends it. Fills in `tip.attachments`. Only one call at a
   * time.
   */
  send(
    tip: DetentionTip,
    fileIds: readonly number[],
    onProgress: (progress: SendingProgress) => void,
    options?: SendOptions,
  ): Sending
  /** Reports what is known about answers each time this changes. Set it before `loadKeyring`. */
  watchReplies(onChange: (state: RepliesState) => void): void
  /**
   * Fetches the newest answers, which are the same for everybody. Called in every visit, once a tip
   * could be sealed; called again only when fetching has failed.
   */
  fetchReplies: () => void
  /** Reads the answers from a file, on a page without a network. */
  takeReplies?(file: Blob): Promise<void>
  /**
   * Opens what has come for a thread and keeps the thread open.
   * @param secret the 16 bytes behind the words; null for the thread that is open
   */
  openAnswers(secret: Uint8Array | null): Promise<OpenedAnswers>
  /** Forgets everything and ends the workers. */
  close: () => void
}
