import type { KeyringFiles } from './fetch-keyring.ts'
import type { FromWorker, Port, ToWorker } from './protocol.ts'
import type { OpenedAnswers, RepliesState } from './replies.ts'
import type { AddedFile, PreparedFile, Sealer, Sending, SendingProgress } from './sealer.ts'
import { firstMessage, SealingError } from './sealer.ts'

/** The part of `Worker` that the page needs. */
export interface SealingWorker extends Port<FromWorker, ToWorker> {
  addEventListener(type: 'message', listener: (event: { data: FromWorker }) => void): void
  addEventListener(
    type: 'error' | 'messageerror',
    listener: (event: Pick<Event, 'preventDefault'>) => void,
  ): void
  terminate(): void
}

interface Waiting {
  answer(message: FromWorker): void
  fail(error: SealingError): void
}

type AnswerOf<Type extends FromWorker['type']> = Extract<FromWorker, { type: Type }>

/** How the page gets the keyring, which the worker checks. */
export interface KeyringSource {
  /** The base64 line of `root.pub`. */
  rootKey: string
  /** Rejects with SealingError `KEYRING_UNREACHABLE`; may be called again. */
  fetchKeyring: () => Promise<KeyringFiles>
}

/** Connects the page to the sealing worker. */
export function connectSealer(worker: SealingWorker, source: KeyringSource): Sealer {
  return new SealerClient(worker, source)
}

class SealerClient implements Sealer {
  readonly #worker: SealingWorker
  readonly #source: KeyringSource
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #end: SealingError | null = null
  #onReplies: (state: RepliesState) => void = () => undefined

  constructor(worker: SealingWorker, source: KeyringSource) {
    this.#worker = worker
    this.#source = source
    worker.addEventListener('message', ({ data: message }) => this.#take(message))
    for (const type of ['error', 'messageerror'] as const) {
      worker.addEventListener(type, (event) => {
        // The event's text may quote what the worker was processing, so it must not reach the
        // console.
        event.preventDefault()
        this.#finish(new SealingError('BROKEN', 'the sealing worker died'))
      })
    }
  }

  async loadKeyring() {
    const { rootKey, fetchKeyring } = this.#source
    const files = await fetchKeyring().catch((error: unknown) => {
      throw this.#end ?? error
    })
    const request = (call: number): ToWorker => ({ type: 'loadKeyring', call, files, rootKey })
    const { answer } = this.#ask('keyring', request)
    const { keyring } = await answer
    return keyring
  }

  addFile(file: File, { metadata }: { metadata: 'remove' | 'keep' }): AddedFile {
    const { call, answer } = this.#ask('prepared', (call) => ({
      type: 'addFile',
      call,
      file,
      metadata,
    }))
    const prepared: Promise<PreparedFile> = answer.then((message) => message.file)
    // Marks the rejection as handled even if the page does not wait for it: sending reports the
    // error again.
    prepared.catch(() => undefined)
    return { id: call, prepared }
  }

  removeFile(id: number): void {
    this.#post({ type: 'removeFile', call: id })
    this.#settle(id)?.fail(new SealingError('CANCELLED', 'the file was removed'))
  }

  watchReplies(onChange: (state: RepliesState) => void): void {
    this.#onReplies = onChange
  }

  fetchReplies(): void {
    this.#post({ type: 'fetchReplies', call: 0 })
  }

  async openAnswers(secret: Uint8Array | null): Promise<OpenedAnswers> {
    const { answer } = this.#ask('answers', (call) => ({ type: 'openAnswers', call, secret }))
    // The worker has its own copy now.
    secret?.fill(0)
    return (await answer).opened
  }

  send(...[tip, fileIds, onProgress, options = firstMessage]: Parameters<Sealer['send']>): Sending {
    const { call, answer } = this.#ask(
      'sent',
      (call) => ({ type: 'send', call, tip, fileIds, options }),
      onProgress,
    )
    return {
      pause: () => this.#post({ type: 'pause', call }),
      resume: () => this.#post({ type: 'resume', call }),
      cancel: () => {
        this.#post({ type: 'cancel', call })
        this.#settle(call)?.fail(new SealingError('CANCELLED', 'sending was cancelled'))
      },
      done: answer.then(({ sent }) => sent),
    }
  }

  close(): void {
    this.#finish(new SealingError('CANCELLED', 'the sealer was closed'))
  }

  #ask<Type extends FromWorker['type']>(
    _type: Type,
    request: (call: number) => ToWorker,
    onProgress: (progress: SendingProgress) => void = () => undefined,
  ): { call: number; answer: Promise<AnswerOf<Type>> } {
    const call = ++this.#calls
    const answer = new Promise<AnswerOf<Type>>((resolve, fail) => {
      const take = (message: FromWorker) =>
        message.type === 'progress'
          ? onProgress(message.progress)
          : resolve(message as AnswerOf<Type>)
      this.#waiting.set(call, { answer: take, fail })
    })
    if (this.#end) this.#settle(call)?.fail(this.#end)
    else this.#post(request(call))
    return { call, answer }
  }

  #post(message: ToWorker): void {
    if (this.#end === null) this.#worker.postMessage(message)
  }

  #take(message: FromWorker): void {
    if (message.type === 'progress') this.#waiting.get(message.call)?.answer(message)
    else if (message.type === 'replies') {
      if (this.#end === null) this.#onReplies(message.state)
    } else if (message.type === 'failed')
      this.#settle(message.call)?.fail(
        new SealingError(message.code, message.message, undefined, message.fileId),
      )
    else this.#settle(message.call)?.answer(message)
  }

  #settle(call: number): Waiting | undefined {
    const waiting = this.#waiting.get(call)
    this.#waiting.delete(call)
    return waiting
  }

  #finish(error: SealingError): void {
    if (this.#end !== null) return
    this.#end = error
    this.#worker.terminate()
    for (const call of Array.from(this.#waiting.keys())) this.#settle(call)?.fail(error)
  }
}
