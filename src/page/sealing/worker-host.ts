import type { Day } from '../../time/day.ts'
import type { ChunkThreads } from './chunk-threads.ts'
import { ifLoaded } from './if-loaded.ts'
import type { ToWorker, WorkerPort } from './protocol.ts'
import { SealingError, type TrustedKeyring } from './sealer.ts'
import type { SealerHost } from './sealer-host.ts'
import { checkSigned, describeKeyring, type SignedKeyring } from './trusted-keyring.ts'

export interface WorkerDependencies {
  /** Today's date in UTC by the clock of the device. */
  today: () => Day
  /**
   * Loads all other code of the worker. It is requested once the keyring has been checked, while
   * the person is still writing, because an update of the server removes the old files. A failed
   * load is repeated when the code is needed.
   */
  loadRest: () => Promise<(port: WorkerPort, threads: ChunkThreads) => SealerHost>
  /** Starts the workers that seal, at the same time. Called once, in every visit. */
  startThreads: () => ChunkThreads
}

/**
 * Runs the sealing worker until the page closes it. Its first file only checks the keyring, because
 * the page needs nothing else of it before the form is written.
 */
export function serveWorker(port: WorkerPort, dependencies: WorkerDependencies): void {
  const host = new WorkerHost(port, dependencies)
  port.addEventListener('message', ({ data: message }) => void host.take(message))
}

class WorkerHost {
  readonly #port: WorkerPort
  readonly #dependencies: WorkerDependencies
  #keyring: SignedKeyring | null = null
  #rest: Promise<SealerHost> | null = null
  #host: SealerHost | null = null
  #threads: ChunkThreads | null = null

  constructor(port: WorkerPort, dependencies: WorkerDependencies) {
    this.#port = port
    this.#dependencies = dependencies
  }

  async take(message: ToWorker): Promise<void> {
    const { call } = message
    try {
      if (message.type !== 'loadKeyring') return await (await this.#loadRest()).take(message)
      const keyring = this.#checkKeyring(message)
      this.#port.postMessage({ type: 'keyring', call, keyring })
    } catch (error) {
      const { code, message: text } =
        error instanceof SealingError ? error : new SealingError('BROKEN', 'the worker has a bug')
      this.#port.postMessage({ type: 'failed', call, code, message: text, fileId: null })
    }
  }

  #checkKeyring({ files, rootKey }: Extract<ToWorker, { type: 'loadKeyring' }>): TrustedKeyring {
    this.#keyring = checkSigned(files, rootKey)
    if (this.#host !== null) this.#host.learnKeyring(this.#keyring)
    else this.#loadRest().catch(() => undefined)
    return describeKeyring(this.#keyring, this.#dependencies.today())
  }

  #loadRest(): Promise<SealerHost> {
    this.#rest ??= this.#startRest().catch((error: unknown) => {
      this.#rest = null
      throw error
    })
    return this.#rest
  }

  async #startRest(): Promise<SealerHost> {
    // If they started later, a request would show that the visitor has chosen a file.
    const threads = (this.#threads ??= this.#dependencies.startThreads())
    const start = await ifLoaded(this.#dependencies.loadRest())
    this.#host = start(this.#port, threads)
    if (this.#keyring !== null) this.#host.learnKeyring(this.#keyring)
    return this.#host
  }
}
