import type { ChunkCipher } from '../../age/stream.ts'
import type { Day } from '../../time/day.ts'
import type { PageEngine } from './chunk-engine.ts'
import { engineInThisThread } from './chunk-engine.ts'
import { failureOfSealing } from './decide.ts'
import { fastBulk as bulk } from './fast-bulk.ts'
import { type CleanFile, describePrepared } from './prepare-file.ts'
import { PreparedFiles } from './prepared-files.ts'
import { recipientsInForce } from './recipients-in-force.ts'
import { RepliesHost, type RepliesDependencies } from './replies-host.ts'
import { ProgressMeter } from './progress-meter.ts'
import type { FromWorker, ToWorker, WorkerPort } from './protocol.ts'
import { sealEnvelope } from './seal-envelope.ts'
import { SealingError, type SendingProgress, type Sent } from './sealer.ts'
import type { SendingDependencies } from './send-envelope.ts'
import { sendEnvelope } from './send-envelope.ts'
import { SendingControl } from './sending-control.ts'
import type { SignedKeyring } from './trusted-keyring.ts'

/** What the worker's first file does not answer itself. */
type Message = Exclude<ToWorker, { type: 'loadKeyring' }>

export interface SealerDependencies extends SendingDependencies, RepliesDependencies {
  /** Starts the engine that seals files. Called once. */
  startEngine: (cipher: ChunkCipher) => Promise<PageEngine>
  clean: CleanFile
  /** Today's date in UTC by the clock of the device. */
  today: () => Day
  /** A clock in milliseconds with any starting point. */
  now: () => number
}

/** Does everything for the page but the check of the keyring. */
export class SealerHost {
  readonly #port: WorkerPort
  readonly #dependencies: SealerDependencies
  readonly #files: PreparedFiles
  readonly #replies: RepliesHost
  #keyring: SignedKeyring | null = null
  #engine: Promise<PageEngine> | null = null
  #sending: { call: number; control: SendingControl; end: Promise<void> } | null = null

  constructor(port: WorkerPort, dependencies: SealerDependencies) {
    this.#port = port
    this.#dependencies = dependencies
    this.#files = new PreparedFiles(dependencies.clean)
    this.#replies = new RepliesHost(dependencies, (state) =>
      port.postMessage({ type: 'replies', call: 0, state }),
    )
  }

  /** Takes a keyring that has been checked. */
  learnKeyring(signed: SignedKeyring): void {
    this.#keyring = signed
    this.#replies.learnKeyring(signed)
  }

  async take(message: Message): Promise<void> {
    try {
      const answer = await this.#answer(message)
      if (answer) this.#port.postMessage(answer)
    } catch (error) {
      const { code, message: text, fileId } = failureOfSealing(error)
      this.#port.postMessage({ type: 'failed', call: message.call, code, message: text, fileId })
    }
  }

  async #answer(message: Message): Promise<FromWorker | void> {
    const { type, call } = message
    switch (type) {
      case 'addFile':
        return await this.#addFile(message)
      case 'removeFile':
        return this.#files.remove(call)
      case 'send':
        return {
          type: 'sent',
          call,
          sent: await this.#replies.withFreeLine(() => this.#send(message)),
        }
      case 'fetchReplies':
        // Answers come last: nothing that sending needs may wait for them.
        return void this.#startEngine().then(() => this.#replies.fetchDrops())
      case 'openAnswers':
        return { type: 'answers', call, opened: await this.#replies.open(message.secret) }
      default:
        if (this.#sending?.call === call) this.#sending.control[type]()
    }
  }

  #startEngine(): Promise<PageEngine> {
    this.#engine ??= this.#dependencies.startEngine(bulk.cipher)
    return this.#engine
  }

  async #addFile({
    call,
    file,
    metadata,
  }: Extract<ToWorker, { type: 'addFile' }>): Promise<FromWorker> {
    const prepared = await this.#files.add(call, file, metadata)
    return {
      type: 'prepared',
      call,
      file: describePrepared(prepared),
    }
  }

  async #send(message: Extract<ToWorker, { type: 'send' }>): Promise<Sent> {
    const { call } = message
    const control = new SendingControl()
    const before = this.#sending?.end
    const sent = (async () => {
      // A cancelled call must first give back the engine.
      await before
      return await this.#sendPrepared(message, control)
    })()
    this.#sending = {
      call,
      control,
      end: sent.then(
        () => undefined,
        () => undefined,
      ),
    }
    return await sent
  }

  async #sendPrepared(
    { call, tip, fileIds, options }: Extract<ToWorker, { type: 'send' }>,
    control: SendingControl,
  ): Promise<Sent> {
    const report = (progress: SendingProgress) =>
      this.#port.postMessage({ type: 'progress', call, progress })
    const meter = new ProgressMeter(
      'preparing',
      this.#files.totalBytes(fileIds),
      report,
      this.#dependencies.now,
    )
    // A tip without files is smaller than one batch, so no workers are started for it.
    const engine = fileIds.length > 0 ? await this.#startEngine() : engineInThisThread(bulk.cipher)
    try {
      const files = await control.unlessCancelled(
        this.#files.whenPrepared(
          fileIds,
          (doneBytes) => meter.done(doneBytes),
          options.mustBeClean,
        ),
      )
      const keyring = this.#keyring
      if (keyring === null)
        throw new SealingError('KEYRING_UNREACHABLE', 'no keyring has been checked')
      const prepared = await control.unlessCancelled(
        this.#replies.prepare(tip, { wish: options.words, language: options.language }),
      )
      const seal = () =>
        sealEnvelope({
          engine,
          tip: prepared.tip,
          files,
          recipients: recipientsInForce(keyring, this.#dependencies.today()),
        })
      const receipt = await sendEnvelope(this.#dependencies, {
        seal,
        keyring: keyring.fingerprint,
        startSha256: bulk.startSha256,
        control,
        meter,
      })
      return { receipt, ...this.#replies.keep(prepared) }
    } finally {
      meter.stop()
      engine.wipe()
    }
  }
}
