import type { ChunkCipher } from '../../age/stream.ts'
import type { Day } from '../../time/day.ts'
import type { Bulk } from './bulk.ts'
import { nobleBulk } from './bulk.ts'
import type { PageEngine } from './chunk-engine.ts'
import { engineInThisThread } from './chunk-engine.ts'
import { failureOfSealing } from './decide.ts'
import { type CleanFile, describePrepared } from './prepare-file.ts'
import type { KeyringFiles } from './fetch-keyring.ts'
import { fetchKeyring } from './fetch-keyring.ts'
import { PreparedFiles } from './prepared-files.ts'
import { ifLoaded } from './if-loaded.ts'
import { RepliesHost, type RepliesDependencies } from './replies-host.ts'
import { ProgressMeter } from './progress-meter.ts'
import type { FromWorker, Port, ToWorker } from './protocol.ts'
import { SealingError, type SendingProgress, type Sent } from './sealer.ts'
import type { SendingDependencies } from './send-envelope.ts'
import { sendEnvelope } from './send-envelope.ts'
import { SendingControl } from './sending-control.ts'
import type { SignedKeyring } from './trusted-keyring.ts'

type Trust = typeof import('./trusted-keyring.ts')
type Seal = Pick<typeof import('./seal-envelope.ts'), 'sealEnvelope'>

export interface SealerDependencies extends SendingDependencies, RepliesDependencies {
  fetch: typeof fetch
  /** Loads the base64 line of the root's public key. */
  loadRootKey: () => Promise<string>
  /** Starts the engine. Called once, in every visit. */
  startEngine: (cipher: ChunkCipher) => Promise<PageEngine>
  /** Loads `fast-bulk.ts`. Without it, noble does the same more slowly. */
  loadFastBulk: () => Promise<{ fastBulk: Bulk }>
  /**
   * Loads the code that checks the keyring. It makes up a fifth of all code, and sealing does not
   * need it. It is loaded at the same time as the keyring.
   */
  loadTrust: () => Promise<Trust>
  /**
   * Loads the code that seals, the largest part of all. Nobody needs it before the form is written,
   * so it is loaded after the keyring.
   */
  loadSeal: () => Promise<Seal>
  /** Loads `cleaning/clean.ts`. */
  loadClean: () => Promise<{ cleanFile: CleanFile }>
  /** Today's date in UTC by the clock of the device. */
  today: () => Day
  /** A clock in milliseconds with any starting point. */
  now: () => number
}

/** Runs the sealing worker: answers the messages of the page until the page closes it. */
export function serveSealer(
  port: Port<ToWorker, FromWorker>,
  dependencies: SealerDependencies,
): void {
  const host = new SealerHost(port, dependencies)
  port.addEventListener('message', ({ data: message }) => void host.take(message))
}

class SealerHost {
  readonly #port: Port<ToWorker, FromWorker>
  readonly #dependencies: SealerDependencies
  readonly #files: PreparedFiles
  readonly #replies: RepliesHost
  #keyring: SignedKeyring | null = null
  #engine: Promise<PageEngine> | null = null
  /** Settles when everything has been loaded, or could not be. */
  #rest: Promise<unknown> = Promise.resolve()
  /** The fast one as soon as it is loaded. */
  #bulk = nobleBulk
  #sending: { call: number; control: SendingControl; end: Promise<void> } | null = null

  constructor(port: Port<ToWorker, FromWorker>, dependencies: SealerDependencies) {
    this.#port = port
    this.#dependencies = dependencies
    this.#files = new PreparedFiles(
      async (file, name) => (await ifLoaded(dependencies.loadClean())).cleanFile(file, name),
      () => this.#loadBulk(),
    )
    this.#replies = new RepliesHost(dependencies, (state) =>
      port.postMessage({ type: 'replies', call: 0, state }),
    )
  }

  async take(message: ToWorker): Promise<void> {
    try {
      const answer = await this.#answer(message)
      if (answer) this.#port.postMessage(answer)
    } catch (error) {
      const { code, message: text, fileId } = failureOfSealing(error)
      this.#port.postMessage({ type: 'failed', call: message.call, code, message: text, fileId })
    }
  }

  async #answer(message: ToWorker): Promise<FromWorker | void> {
    const { type, call } = message
    switch (type) {
      case 'loadKeyring':
        return {
          type: 'keyring',
          call,
          keyring: (await this.#loadTrust()).describeKeyring(
            await this.#loadKeyring(message.files),
            this.#dependencies.today(),
          ),
        }
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
        return void this.#rest.then(() => this.#replies.fetchDrops())
      case 'openAnswers':
        return { type: 'answers', call, opened: await this.#replies.open(message.secret) }
      default:
        if (this.#sending?.call === call) this.#sending.control[type]()
    }
  }

  #startEngine(): Promise<PageEngine> {
    this.#engine ??= this.#loadBulk().then(({ cipher }) => this.#dependencies.startEngine(cipher))
    return this.#engine
  }

  async #loadBulk(): Promise<Bulk> {
    const loaded = await this.#dependencies.loadFastBulk().catch(() => null)
    return (this.#bulk = loaded?.fastBulk ?? nobleBulk)
  }

  async #loadKeyring(fetched: KeyringFiles | null = null): Promise<SignedKeyring> {
    // The three are loaded in parallel: over Tor, loading one after the other would take a second
    // longer.
    const [trust, rootKey, files] = await Promise.all([
      this.#loadTrust(),
      orUnreachable(this.#dependencies.loadRootKey()),
      fetched ?? fetchKeyring(this.#dependencies),
    ])
    this.#keyring = trust.checkSigned(files, rootKey)
    this.#replies.learnKeyring(this.#keyring)
    this.#loadRest()
    return this.#keyring
  }

  /**
   * Loads all code that sending may need while the person is still writing, because an update of
   * the server removes the old files. A failed load is repeated when the code is needed.
   */
  #loadRest(): void {
    const { loadSeal, loadUpload, loadSolver, loadClean, loadReplies } = this.#dependencies
    const loads = [loadSeal, loadUpload, loadSolver, loadClean, loadReplies].map((load) => load())
    // Every visit starts the engine, too: else a request would show who has chosen a file.
    this.#rest = Promise.allSettled([...loads, this.#startEngine()])
  }

  async #loadTrust(): Promise<Trust> {
    return await orUnreachable(this.#dependencies.loadTrust())
  }

  async #addFile({
    call,
    file,
    metadata,
  }: Extract<ToWorker, { type: 'addFile' }>): Promise<FromWorker> {
    void this.#startEngine()
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
    const engine =
      fileIds.length > 0 ? await this.#startEngine() : engineInThisThread(this.#bulk.cipher)
    try {
      const files = await control.unlessCancelled(
        this.#files.whenPrepared(
          fileIds,
          (doneBytes) => meter.done(doneBytes),
          options.mustBeClean,
        ),
      )
      const keyring = this.#keyring ?? (await this.#loadKeyring())
      const { recipientsInForce } = await this.#loadTrust()
      const { sealEnvelope } = await ifLoaded(this.#dependencies.loadSeal())
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
        startSha256: this.#bulk.startSha256,
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

async function orUnreachable<Module>(loading: Promise<Module>): Promise<Module> {
  return await loading.catch((cause: unknown) => {
    throw new SealingError(
      'KEYRING_UNREACHABLE',
      'the code that checks the keyring could not be loaded',
      cause,
    )
  })
}
