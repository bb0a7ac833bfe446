import type { DetentionTip } from '../../../src/tip/schema.ts'
import type {
  PreparedFile,
  Sealer,
  SendingProgress,
  SendOptions,
  Sent,
  TrustedKeyring,
} from '../../../src/page/sealing/sealer.ts'
import type { OpenedAnswers, RepliesState, SentWords } from '../../../src/page/sealing/replies.ts'
import { firstMessage, SealingError } from '../../../src/page/sealing/sealer.ts'

export const keyring: TrustedKeyring = {
  fingerprint: ['01234', '56789', '11111', '22222', '33333', '44444', '55555', '66666'],
  recipients: [
    { name: '김연구', role: 'analyst' },
    { name: 'Desk & <Co>', role: 'analyst' },
  ],
  issued: '2026-11-01',
  isDemo: false,
  expires: '2027-01-01',
}

export interface FileTaken {
  id: number
  file: File
  metadata: 'remove' | 'keep'
  ready(prepared: PreparedFile): void
  fail(code?: SealingError['code']): void
}

/** A sealer whose answers are set by the test. */
export class FakeSealer implements Sealer {
  readonly files: FileTaken[] = []
  readonly removed: number[] = []
  readonly sent: { tip: DetentionTip; fileIds: readonly number[] }[] = []
  readonly sendOptions: SendOptions[] = []
  /** The secrets that answers were opened for; null for the open thread. */
  readonly openedFor: (Uint8Array | null)[] = []
  opened: OpenedAnswers = { answers: [], openedOn: null, isSomeUnreadable: false }
  tell: (state: RepliesState) => void = () => undefined
  readonly calls: string[] = []
  onProgress: (progress: SendingProgress) => void = () => undefined
  #keyring = Promise.withResolvers<TrustedKeyring>()
  #done = Promise.withResolvers<Sent>()

  loadKeyring() {
    this.calls.push('loadKeyring')
    this.#keyring = Promise.withResolvers()
    return this.#keyring.promise
  }

  answerKeyring(answer: TrustedKeyring | SealingError['code']): void {
    if (typeof answer === 'string')
      this.#keyring.reject(new SealingError(answer, 'as the test wants'))
    else this.#keyring.resolve(answer)
  }

  addFile(file: File, { metadata }: { metadata: 'remove' | 'keep' }) {
    const { promise: prepared, resolve, reject } = Promise.withResolvers<PreparedFile>()
    const id = 100 + this.files.length
    this.files.push({
      id,
      file,
      metadata,
      ready: resolve,
      fail: (code = 'FILE_UNREADABLE') => reject(new SealingError(code, 'as the test wants')),
    })
    return { id, prepared }
  }

  removeFile(id: number): void {
    this.removed.push(id)
  }

  send(
    tip: DetentionTip,
    fileIds: readonly number[],
    onProgress: (progress: SendingProgress) => void,
    options: SendOptions = firstMessage,
  ) {
    this.sent.push({ tip, fileIds })
    this.sendOptions.push(options)
    this.onProgress = onProgress
    this.#done = Promise.withResolvers()
    return {
      pause: () => void this.calls.push('pause'),
      resume: () => void this.calls.push('resume'),
      cancel: () => {
        this.calls.push('cancel')
        this.fail('CANCELLED')
      },
      done: this.#done.promise,
    }
  }

  arrive(receipt: string, words: SentWords = { words: 'none', indexes: [] }): void {
    this.#done.resolve({ receipt, ...words })
  }

  watchReplies(onChange: (state: RepliesState) => void): void {
    this.tell = onChange
  }

  fetchReplies(): void {
    this.calls.push('fetchReplies')
  }

  async openAnswers(secret: Uint8Array | null): Promise<OpenedAnswers> {
    this.openedFor.push(secret)
    return this.opened
  }

  fail(code: SealingError['code'], fileId: number | null = null): void {
    this.#done.reject(new SealingError(code, 'as the test wants', undefined, fileId))
  }

  close(): void {
    this.calls.push('close')
  }
}
