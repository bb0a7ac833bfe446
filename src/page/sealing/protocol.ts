import type { DetentionTip } from '../../tip/schema.ts'
import type { KeyringFiles } from './fetch-keyring.ts'
import type { OpenedAnswers, RepliesState } from './replies.ts'
import type {
  PreparedFile,
  SealingErrorCode,
  SendingProgress,
  SendOptions,
  Sent,
  TrustedKeyring,
} from './sealer.ts'

/**
 * Messages from the page to the sealing worker. `call` numbers the requests. A file is identified
 * by the number of the request that added it.
 */
export type ToWorker =
  /** `rootKey`: the base64 line of `root.pub`. */
  | { type: 'loadKeyring'; call: number; files: KeyringFiles; rootKey: string }
  | { type: 'addFile'; call: number; file: File; metadata: 'remove' | 'keep' }
  | { type: 'removeFile'; call: number }
  | {
      type: 'send'
      call: number
      tip: DetentionTip
      fileIds: readonly number[]
      options: SendOptions
    }
  | { type: 'fetchReplies'; call: number }
  | { type: 'openAnswers'; call: number; secret: Uint8Array | null }
  | { type: 'pause' | 'resume' | 'cancel'; call: number }

/**
 * Messages from the sealing worker. Every call that expects an answer ends in exactly one, or in
 * `failed`.
 */
export type FromWorker =
  | { type: 'keyring'; call: number; keyring: TrustedKeyring }
  | { type: 'prepared'; call: number; file: PreparedFile }
  | { type: 'progress'; call: number; progress: SendingProgress }
  | { type: 'sent'; call: number; sent: Sent }
  | { type: 'answers'; call: number; opened: OpenedAnswers }
  /** Not the answer to a call: something has come. */
  | { type: 'replies'; call: 0; state: RepliesState }
  | {
      type: 'failed'
      call: number
      code: SealingErrorCode
      message: string
      fileId: number | null
    }

/** The part of a message channel's end that both sides use. */
export interface Port<In, Out> {
  postMessage(message: Out): void
  addEventListener(type: 'message', listener: (event: { data: In }) => void): void
}

/** The worker's end of the channel to the page. */
export type WorkerPort = Port<ToWorker, FromWorker>
