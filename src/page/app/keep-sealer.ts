import { noReplies, type RepliesState } from '../sealing/replies.ts'
import { SealingError, type Sealer } from '../sealing/sealer.ts'
import { FileSync } from './file-sync.ts'
import type { FileEvents } from './file-sync.ts'
import type { PageEnvironment } from './page-environment.ts'
import type { ShownState } from './shown-state.ts'

/** Keeps a working sealer, with the trusted keyring and the files of the form. */
export class SealerKeeping {
  readonly files: FileSync
  readonly #shown: ShownState
  readonly #environment: PageEnvironment
  readonly #onMoreDrops: () => void
  #sealer: Sealer

  constructor(
    shown: ShownState,
    environment: PageEnvironment,
    events: { changed: FileEvents['changed']; moreDrops: () => void },
  ) {
    this.#shown = shown
    this.#environment = environment
    this.#onMoreDrops = events.moreDrops
    this.#sealer = this.#start()
    this.files = new FileSync(this.#sealer, {
      changed: events.changed,
      notLoaded: () => shown.change({ notice: 'later_failed' }),
      kindOf: environment.kindOf,
    })
  }

  get current(): Sealer {
    return this.#sealer
  }

  /** Tries again, with another sealer if this one could not start. */
  readonly retryKeyring = (): void => {
    const { keyring } = this.#shown.current
    if (keyring.at === 'failed' && keyring.code === 'NOT_STARTED') this.replace()
    else this.loadKeyring()
  }

  readonly loadKeyring = (): void => {
    this.#shown.change({ keyring: { at: 'loading' } })
    this.#sealer.loadKeyring().then(
      (keyring) => {
        this.#shown.change({ keyring: { at: 'ready', keyring } })
        this.fetchReplies()
      },
      (error: unknown) => {
        const code = codeOf(error)
        // Without files and text the memory cannot have run out.
        const failure = code === 'BROKEN' ? 'NOT_STARTED' : code
        this.#shown.change({ keyring: { at: 'failed', code: failure } })
      },
    )
  }

  /**
   * Called in every visit, so that all visitors cause the same requests, as soon as a tip could be
   * sealed and everything else is loaded.
   */
  fetchReplies(): void {
    const { keyring, deferred } = this.#shown.current
    if (keyring.at === 'ready' && typeof deferred !== 'string') this.#sealer.fetchReplies()
  }

  /** Continues with a new sealer after the old one broke. */
  replace(): void {
    this.#sealer.close()
    this.#sealer = this.#start()
    // The thread was known to the old sealer alone.
    this.#shown.change({ hasThread: false, followUp: null, replies: noReplies })
    this.files.replaceSealer(this.#sealer)
    this.files.match(this.#shown.current.draft.files)
    this.loadKeyring()
  }

  #start(): Sealer {
    const sealer = this.#environment.startSealer()
    sealer.watchReplies((replies) => this.#learnReplies(replies))
    return sealer
  }

  #learnReplies(replies: RepliesState): void {
    const { drops } = this.#shown.current.replies
    this.#shown.change({ replies })
    if (replies.drops.come > drops.come) this.#onMoreDrops()
  }
}

export const codeOf = (error: unknown): SealingError['code'] =>
  error instanceof SealingError ? error.code : 'BROKEN'
