import { CodedError } from '../../errors/coded-error.ts'
import type { metadataStates } from '../../tip/codes.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { PassingProblem } from '../../wire/problem-codes.ts'

/**
 * Why sealing or sending did not go on; what a person reads for each stands in the language files.
 */
export type SealingErrorCode =
  /** Nothing came from the server when the keyring was asked for. */
  | 'KEYRING_UNREACHABLE'
  /** Not signed by the root key built into the page: nothing may be sealed to it. */
  | 'KEYRING_UNTRUSTED'
  /** Run out, or nobody in force, by the day of this device. */
  | 'KEYRING_EXPIRED'
  /** A file cannot be read any more, or is no longer as it was when it was chosen. */
  | 'FILE_UNREADABLE'
  /** It has no bytes: perhaps a file that is still in a cloud. */
  | 'FILE_EMPTY'
  | 'TOO_LARGE'
  /** The server has no room. It is asked again only when the person wants it. */
  | 'NO_SPACE'
  /** Code of the page did not come: the server has a newer page, or the circuit is dead. */
  | 'NOT_LOADED'
  /** The tip is not one: a bug of the page. */
  | 'TIP_INVALID'
  /** The server refused what was sent; trying again will not help. */
  | 'REFUSED'
  /** The server has answered with a receipt that is not the digest of what was sent. */
  | 'RECEIPT_MISMATCH'
  | 'CANCELLED'
  /** The worker died: out of memory, or a bug. */
  | 'BROKEN'

export class SealingError extends CodedError<SealingErrorCode> {
  override readonly name = 'SealingError'
  /** The file that the error is about, by its `FileInHand.id`. */
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

/** Whom the tip is sealed to, after the root's signature was found good. */
export interface TrustedKeyring {
  /** Eight groups of five digits. */
  fingerprint: readonly string[]
  recipients: readonly { name: string; role: string }[]
  isDemo: boolean
  /** `YYYY-MM-DD`, the last day. */
  expires: string
}

/**
 * What became of hidden place and time in a file: `removed`; `kept` as the source wants it;
 * `none_found` when there was none to remove; `cannot_be_removed` for kinds that cannot be cleaned.
 */
export type MetadataOutcome = (typeof metadataStates)[number]

export interface PreparedFile {
  metadata: MetadataOutcome
  /** Of what will be sealed, after cleaning. */
  bytes: number
}

export interface FileInHand {
  readonly id: number
  /**
   * Resolves when the file is cleaned and its digest is taken; rejects with SealingError
   * `FILE_UNREADABLE` or `FILE_EMPTY`.
   */
  readonly prepared: Promise<PreparedFile>
}

export type SendingPhase =
  /** Digests that are still being taken. */
  | 'preparing'
  | 'sending'
  /** The connection broke, or the server said why not now; it is tried again by itself. */
  | 'waiting'
  /** In a crowd: the intake has asked for a proof of work, which is being worked out. */
  | 'proving'
  | 'paused'
  /** All is sent; the server makes it durable. */
  | 'finishing'

export interface SendingProgress {
  phase: SendingPhase
  /** Of the envelope; in `preparing`, of the files. */
  doneBytes: number
  totalBytes: number
  /** Over the last seconds; null when it is not known yet. */
  bytesPerSecond: number | null
  secondsLeft: number | null
  /** How often the connection has broken so far. */
  interruptions: number
  /** While `waiting`: what the server has said; null after a break in the connection. */
  problem: PassingProblem | null
}

export interface Sending {
  pause: () => void
  resume: () => void
  /** Also asks the server to forget what it has so far. `done` rejects with `CANCELLED`. */
  cancel: () => void
  /** 64 lower-case hex digits; rejects with SealingError. */
  readonly done: Promise<{ receipt: string }>
}

/** The sealing worker, as the page sees it. */
export interface Sealer {
  /** Rejects with SealingError `KEYRING_…`; may be called again. */
  loadKeyring(): Promise<TrustedKeyring>
  /** Begins at once, in the background. */
  addFile(file: File, options: { metadata: 'remove' | 'keep' }): FileInHand
  removeFile(id: number): void
  /**
   * Seals the tip and these files and sends them; `tip.attachments` is filled in here. One at a
   * time.
   */
  send(
    tip: DetentionTip,
    fileIds: readonly number[],
    onProgress: (progress: SendingProgress) => void,
  ): Sending
  /** Forgets everything and ends the workers. */
  close: () => void
}
