import { plainRequest } from './fetch-bounded.ts'
import { BundleReader } from '../../replies/bundle-reader.ts'
import { newestRepliesName, olderRepliesName, pathBelow, repliesPath } from '../../wire/names.ts'

/**
 * Slow enough to leave room on a good line. A slow line is not slowed further: while a tip is being
 * sent, nothing is fetched at all.
 */
const maxBytesPerSecond = 256 * 1024
const waitsMs: readonly number[] = [5_000, 20_000, 60_000]
/**
 * Pause before each bundle of older drops. Only a long visit fetches them all, so that a short one
 * costs no more than the newest drops, whoever visits.
 */
export const restMs = 15_000

export interface CoverFetchDependencies {
  fetch: typeof fetch
  origin: string
  /** A clock in milliseconds with any starting point. */
  now: () => number
  sleep: (ms: number) => Promise<void>
  onFile: (name: string, bytes: Uint8Array) => void
  /** Number of bundles, according to the indexes that have arrived. */
  bundles: () => number
  onChange: (state: 'running' | 'done' | 'failed') => void
}

/**
 * Fetches the newest answers, then the older ones. Every visit does so, whether there are words or
 * not: an observer of the server or of the line must not learn who comes for an answer. Nothing
 * here knows any words.
 */
export class CoverFetch {
  readonly #dependencies: CoverFetchDependencies
  #reader: BundleReader
  #round = new AbortController()
  #paused: PromiseWithResolvers<void> | null = null
  #isRunning = false
  /** Number of the bundle that is being fetched; 0 is the newest one. */
  #bundle = 0

  constructor(dependencies: CoverFetchDependencies) {
    this.#dependencies = dependencies
    this.#reader = new BundleReader(dependencies.onFile)
  }

  /** Starts, or starts again after a failure. */
  start(): void {
    if (this.#isRunning || this.#isDone) return
    this.#isRunning = true
    this.#dependencies.onChange('running')
    void this.#run().then((isDone) => {
      this.#isRunning = false
      this.#dependencies.onChange(isDone ? 'done' : 'failed')
    })
  }

  /** Stops using the line at once. What has arrived is kept. */
  pause(): void {
    this.#paused ??= withResolvers()
    this.#round.abort()
  }

  resume(): void {
    this.#paused?.resolve()
    this.#paused = null
  }

  get #isDone(): boolean {
    return this.#reader.isOver && this.#bundle + 1 >= this.#dependencies.bundles()
  }

  async #run(): Promise<boolean> {
    while (!this.#isDone) {
      if (this.#reader.isOver) await this.#turnToOlder()
      if (!(await this.#fetchBundle())) return false
    }
    return true
  }

  async #turnToOlder(): Promise<void> {
    await this.#dependencies.sleep(restMs)
    this.#bundle += 1
    this.#reader = new BundleReader(this.#dependencies.onFile)
  }

  /** @returns whether the whole bundle has come */
  async #fetchBundle(): Promise<boolean> {
    for (let failures = 0; !this.#reader.isOver; ) {
      await this.#paused?.promise
      this.#round = new AbortController()
      try {
        await this.#fetchRest(this.#round.signal)
        if (!this.#reader.isOver) throw new TypeError('the bundle has no end')
      } catch {
        if (this.#paused !== null) continue
        const wait = waitsMs[failures++]
        if (wait === undefined) return false
        await this.#dependencies.sleep(wait)
      }
    }
    return true
  }

  async #fetchRest(signal: AbortSignal): Promise<void> {
    const { fetch, origin } = this.#dependencies
    const from = this.#reader.bytesRead
    const response = await fetch(new URL(pathOf(this.#bundle), origin), {
      ...plainRequest,
      priority: 'low',
      signal,
      ...(from > 0 ? { headers: { range: `bytes=${from}-` } } : {}),
    })
    if (!isRestFrom(response, from)) this.#reader = new BundleReader(this.#dependencies.onFile)
    if (!response.ok || response.body === null) throw new TypeError('no bundle')
    await this.#readSlowly(response.body.getReader(), signal)
  }

  async #readSlowly(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const { now, sleep } = this.#dependencies
    const [startMs, before] = [now(), this.#reader.bytesRead]
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      signal.throwIfAborted()
      this.#take(next.value)
      const earliest = startMs + ((this.#reader.bytesRead - before) / maxBytesPerSecond) * 1000
      if (earliest > now()) await sleep(earliest - now())
    }
  }

  /** After a bundle that cannot be read, the next round begins at its start. */
  #take(piece: Uint8Array): void {
    try {
      this.#reader.take(piece)
    } catch (error) {
      this.#round.abort()
      this.#reader = new BundleReader(this.#dependencies.onFile)
      throw error
    }
  }
}

/** Path of a bundle, the same bytes for everybody. */
const pathOf = (bundle: number): string =>
  pathBelow(repliesPath, bundle === 0 ? newestRepliesName : olderRepliesName(bundle))

/** Whether the answer continues at `from`. A server may answer with the whole file instead. */
function isRestFrom(response: Response, from: number): boolean {
  if (from === 0) return true
  return (
    response.status === 206 &&
    response.headers.get('content-range')?.startsWith(`bytes ${from}-`) === true
  )
}

/** `Promise.withResolvers`, which Firefox ESR 115 does not have. */
function withResolvers(): PromiseWithResolvers<void> {
  let resolve: () => void = () => undefined
  let reject: () => void = () => undefined
  const promise = new Promise<void>((keep, refuse) => {
    resolve = keep
    reject = refuse
  })
  return { promise, resolve, reject }
}
