import type { DetentionTip } from '../../tip/schema.ts'
import type { PreparedFile, SealingErrorCode, SendingProgress, TrustedKeyring } from './sealer.ts'

/**
 * Messages from the page to the sealing worker. `call` numbers the requests. A file is identified
 * by the number of the request that added it.
 */
export type ToWorker =
  | { type: 'loadKeyring'; call: number }
  | { type: 'addFile'; call: number; file: File; metadata: 'remove' | 'keep' }
  | { type: 'removeFile'; call: number }
  | { type: 'send'; call: number; tip: DetentionTip; fileIds: readonly number[] }
  | { type: 'pause' | 'resume' | 'cancel'; call: number }

/**
 * Messages from the sealing worker. Every call that expects an answer ends in exactly one, or in
 * `failed`.
 */
export type FromWorker =
  | { type: 'keyring'; call: number; keyring: TrustedKeyring }
  | { type: 'prepared'; call: number; file: PreparedFile }
  | { type: 'progress'; call: number; progress: SendingProgress }
  | { type: 'sent'; call: number; receipt: string }
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
