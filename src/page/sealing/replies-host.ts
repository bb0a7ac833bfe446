import { maxIndexBytes } from '../../replies/bounds.ts'
import type { ReplyLanguage } from '../../thread/reply-group.ts'
import type { Thread } from '../../thread/thread.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { Day } from '../../time/day.ts'
import { maxSignatureFileBytes } from '../../keyring/bounds.ts'
import { CoverFetch } from './cover-fetch.ts'
import { fetchBounded } from './fetch-bounded.ts'
import { noAnswers } from './join-answers.ts'
import { ReplyBox } from './reply-box.ts'
import {
  noReplies,
  type OpenedAnswers,
  type RepliesState,
  type SentWords,
  type WordsWish,
} from './replies.ts'
import { prepareTip, threadOf, type PreparedTip } from './reply-words.ts'
import { SealingError } from './sealer.ts'
import type { SignedKeyring } from './trusted-keyring.ts'

export interface RepliesDependencies {
  fetch: typeof fetch
  origin: string
  today: () => Day
  now: () => number
  sleep: (ms: number) => Promise<void>
  /** A server that gives no index must not be able to hold up a tip for longer. */
  indexWaitMs: number
}

/** The sealing worker's part for answers: it fetches the same for everybody, and keeps a thread. */
export class RepliesHost {
  readonly #dependencies: RepliesDependencies
  readonly #report: (state: RepliesState) => void
  readonly #cover: CoverFetch
  #box: ReplyBox | null = null
  #fetching: RepliesState['fetching'] = 'waiting'
  #indexes: Promise<void> = Promise.resolve()
  #isJudged = false
  /** Number of messages that are being sent. One that was stopped may still be ending. */
  #sendings = 0
  #thread: Thread | null = null

  constructor(dependencies: RepliesDependencies, report: (state: RepliesState) => void) {
    this.#dependencies = dependencies
    this.#report = report
    this.#cover = new CoverFetch({
      ...dependencies,
      onFile: (name, bytes) => this.#take(name, bytes),
      bundles: () => this.#box?.bundles ?? 1,
      onChange: (fetching) => {
        this.#fetching = fetching
        this.#tell()
      },
    })
  }

  get state(): RepliesState {
    return {
      ...noReplies,
      ...this.#box?.describe(),
      fetching: this.#fetching,
      isJudged: this.#isJudged,
    }
  }

  /** Fetches the indexes for a keyring that has been checked. Never rejects. */
  learnKeyring(signed: SignedKeyring): void {
    const judge = (): void => {
      this.#isJudged = true
      this.#tell()
    }
    this.#box = new ReplyBox(signed, this.#dependencies.today())
    this.#indexes = this.#fetchIndexes(this.#box).then(judge, judge)
  }

  /** Does nothing without a box, because there would be no place to put the drops. */
  fetchDrops(): void {
    if (this.#box !== null) this.#cover.start()
  }

  /** Runs `send` while nothing else uses the line. */
  async withFreeLine<Result>(send: () => Promise<Result>): Promise<Result> {
    this.#sendings += 1
    this.#cover.pause()
    try {
      return await send()
    } finally {
      this.#sendings -= 1
      if (this.#sendings === 0) this.#cover.resume()
    }
  }

  /**
   * Adds words to a tip.
   * @throws SealingError `KEYRING_REPLAYED` if staff have replaced the keyring that was served
   */
  async prepare(
    tip: DetentionTip,
    { wish, language }: { wish: WordsWish; language: ReplyLanguage },
  ): Promise<PreparedTip> {
    const { sleep, indexWaitMs } = this.#dependencies
    await Promise.race([this.#indexes, sleep(indexWaitMs)])
    const { keys, canAnswer } = this.state
    if (keys.state === 'replayed')
      throw new SealingError('KEYRING_REPLAYED', 'staff have replaced the keyring that was served')
    return prepareTip({ tip, wish, open: this.#thread, canAnswer, language })
  }

  /** The tip has arrived: its thread is the open one from now on. */
  keep({ thread, sent }: PreparedTip): SentWords {
    this.#thread = thread
    return sent
  }

  /** @param secret null for the thread that is open */
  async open(secret: Uint8Array | null): Promise<OpenedAnswers> {
    if (secret !== null) this.#thread = threadOf(secret)
    if (this.#thread === null || this.#box === null) return noAnswers
    return await this.#box.open(this.#thread)
  }

  async #fetchIndexes({ signers }: ReplyBox): Promise<void> {
    await Promise.all(signers.map(({ fileName }) => this.#fetchIndex(fileName)))
  }

  async #fetchIndex(fileName: string): Promise<void> {
    const from = (name: string, maxBytes: number) =>
      fetchBounded(this.#dependencies, `/replies/${name}`, maxBytes)
    const signatureName = `${fileName}.minisig`
    const [index, signature] = await Promise.all([
      from(fileName, maxIndexBytes),
      from(signatureName, maxSignatureFileBytes),
    ]).catch(() => [null, null] as const)
    if (index === null || signature === null) return
    this.#box?.take(fileName, index)
    this.#box?.take(signatureName, signature)
  }

  #take(name: string, bytes: Uint8Array): void {
    this.#box?.take(name, bytes)
    this.#tell()
  }

  #tell(): void {
    this.#report(this.state)
  }
}
