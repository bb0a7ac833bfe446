import { fstatSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '../time/clock.ts'
import { dayOfInstant, midnightOf } from '../time/day.ts'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { makeFolder } from '../disk/make-folder.ts'
import { identityOf, rememberFolder } from '../disk/same-folder.ts'
import { Chain } from './chain.ts'
import type { EndNote } from './end.ts'
import { LedgerError } from './errors.ts'
import { formatLine, type LedgerEvent, type LedgerLine } from './format.ts'
import { ledgerFilesOf } from './layout.ts'
import { lockLedger } from './lock.ts'
import { cut, type OpenedLedger, openFiles } from './open.ts'
import { type DeadEvent, isDeadEvent } from './receipt-index.ts'
import { replaceActive } from './roll.ts'
import { type LedgerState, NewEvents } from './state.ts'

/** Maximum of lines in one write; further lines wait for the next write. */
const maxBatchLines = 2048

/**
 * Number of lines in a segment. A start reads at most this many lines, which takes a quarter of a
 * second; with a million stored envelopes each new segment costs writing an index of 42 MB.
 */
const defaultSegmentLines = 32_768

/**
 * Which event may follow which for one receipt. Any other event is a repetition and is not written
 * again: a retried job, a second sweep, or an acknowledgement that is read again after a crash.
 */
const followers: Readonly<Record<Stage | 'nothing', Stage>> = {
  nothing: 'stored',
  stored: 'collected',
  collected: 'deleted',
  // The same envelope may be sent again after the server has deleted it.
  deleted: 'stored',
}

type Stage = Exclude<LedgerEvent, DeadEvent>

export interface LedgerEntry {
  event: Stage
  bytes: number
  /** The day of the event. */
  day: string
}

export interface Ledger {
  /** The last event of this receipt, or null. Events of dead letters are ignored. */
  lastOf(receipt: string): LedgerEntry | null
  /** Whether the last event of the dead letter with this receipt is `discarded`. */
  isDiscarded(receipt: string): boolean
  /**
   * Resolves when the line is durable: true if it was written now, false if the ledger already had
   * it. Lines that wait at the same time share one write and one fsync.
   * @throws LedgerError `IO_FAILED` or `REPLACED`, with nothing written; a later append tries
   *   again.
   */
  append(event: LedgerEvent, receipt: string, bytes: number): Promise<boolean>
  /** Whether the blobs may be ahead of the ledger: true at first and after a failed append. */
  isBehind(): boolean
  /**
   * Starts a comparison of the blobs with the ledger. Call the returned function once all missing
   * lines are written: the ledger is then no longer behind, unless an append has failed meanwhile.
   * That append may belong to a blob which came after its folder had been compared.
   */
  startComparing: () => () => void
  /** Whether the ledger's names are still those of the files that are written and locked. */
  isInPlace(): boolean
  lines(): number
  /** The day of the last line, or null. */
  lastDay(): string | null
  close: () => Promise<void>
}

interface Waiter {
  event: LedgerEvent
  receipt: string
  bytes: number
  resolve: (isNew: boolean) => void
  reject: (error: LedgerError) => void
}

export interface LedgerOptions {
  /** Path of `ledger.jsonl`; the segments are in the folder `ledger` next to it. */
  path: string
  clock: Clock
  /** How long to wait for another writer that is ending; 0 by default. */
  lockWaitMs?: number
  /** A seam for tests. */
  maxSegmentLines?: number
  /** Called from time to time while a long ledger of an earlier version is converted. */
  onProgress?: () => void
  /** Called with the number of lines that are missing at the end. */
  onLoss?: (lines: number) => void
}

/**
 * Opens the append-only ledger as its only writer. A last line without a newline is cut off: it was
 * being written when the process or the power failed, and no receipt depends on it.
 *
 * @throws LedgerError `LOCKED` if another worker still holds it after `lockWaitMs`; `CHAIN_BROKEN`
 *   if a line does not follow the previous one.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { clock, maxSegmentLines = defaultSegmentLines, onProgress = () => {} } = options
  const onLoss = options.onLoss ?? (() => {})
  const files = ledgerFilesOf(options.path)
  await makeFolder(files.folder, 0o700)
  const day = midnightOf(clock.now())
  const lock = await lockLedger(files.folder, options.lockWaitMs ?? 0)
  try {
    const opened = await openFiles({ files, clock, maxSegmentLines, onProgress, onLoss })
    hideDirectoryTime(files.folder, day)
    hideDirectoryTime(dirname(files.active), day)
    const writer = new LedgerWriter(opened, clock, maxSegmentLines)
    return {
      lastOf: (receipt) => writer.lastOf(receipt),
      isDiscarded: (receipt) => writer.isDiscarded(receipt),
      append: (event, receipt, bytes) => writer.append(event, receipt, bytes),
      isBehind: () => writer.isBehind,
      startComparing: () => writer.startComparing(),
      isInPlace: () => writer.isInPlace(),
      lines: () => writer.lines,
      lastDay: () => writer.lastDay,
      async close() {
        await writer.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

class LedgerWriter {
  readonly #state: LedgerState
  readonly #clock: Clock
  readonly #maxSegmentLines: number
  readonly #waiting: Waiter[] = []
  readonly #endNote: EndNote | null
  #handle: FileHandle
  #goodBytes: number
  #isWriting = false
  #needsRepair = false
  /** Whether the open file has become a closed segment, so that no line may be added to it. */
  #needsNewFile = false
  #isClosed = false
  #idle: Promise<void> = Promise.resolve()
  #failedBatches = 0
  readonly #isFolderInPlace: () => boolean
  isBehind = true

  constructor(opened: OpenedLedger, clock: Clock, maxSegmentLines: number) {
    this.#state = opened.state
    this.#handle = opened.handle
    this.#endNote = opened.endNote
    this.#goodBytes = opened.goodBytes
    this.#clock = clock
    this.#maxSegmentLines = maxSegmentLines
    this.#isFolderInPlace = rememberFolder(opened.state.files.folder)
  }

  isInPlace(): boolean {
    if (!this.#isFolderInPlace()) return false
    if (this.#needsNewFile) return true
    const { dev, ino } = fstatSync(this.#handle.fd, { bigint: true })
    return identityOf(this.#state.files.active) === `${dev}:${ino}`
  }

  get lines(): number {
    return this.#state.chain.lines
  }

  get lastDay(): string | null {
    return this.#state.days.lastDay
  }

  startComparing(): () => void {
    const failedBefore = this.#failedBatches
    return () => {
      if (this.#failedBatches === failedBefore) this.isBehind = false
    }
  }

  lastOf(receipt: string): LedgerEntry | null {
    return this.#state.find('life', receipt) as LedgerEntry | null
  }

  isDiscarded(receipt: string): boolean {
    return this.#state.find('dead', receipt)?.event === 'discarded'
  }

  append(event: LedgerEvent, receipt: string, bytes: number): Promise<boolean> {
    if (this.#isClosed) return Promise.reject(new LedgerError('CLOSED', 'the ledger is closed'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, receipt, bytes, resolve, reject })
      if (!this.#isWriting) this.#idle = this.#writeAll()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#idle
    await this.#handle.close()
    await this.#endNote?.close()
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true
    // All appends of one turn of the event loop share the first write.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      await this.#writeBatch(this.#waiting.splice(0, maxBatchLines))
      // A failure is harmless: closing the segment is tried again after the next batch.
      if (this.#state.freshLines >= this.#maxSegmentLines) await this.#roll().catch(() => {})
    }
    this.#isWriting = false
  }

  async #writeBatch(batch: readonly Waiter[]): Promise<void> {
    const { text, fresh, chain } = this.#compose(batch)
    try {
      if (fresh.size > 0) await this.#persist(Buffer.from(text))
    } catch (cause) {
      this.isBehind = true
      this.#failedBatches += 1
      const error =
        cause instanceof LedgerError
          ? cause
          : new LedgerError(
              'IO_FAILED',
              'the ledger could not be written; it is tried again',
              cause,
            )
      for (const waiter of batch) waiter.reject(error)
      return
    }
    this.#state.chain = chain
    if (fresh.size > 0) await this.#endNote?.write(chain, this.#state.today())
    for (const line of fresh.values()) this.#state.note(line)
    for (const waiter of batch) waiter.resolve(fresh.has(waiter))
  }

  /** Formats the lines of a batch, each following the previous one. The state is not changed. */
  #compose(batch: readonly Waiter[]): {
    text: string
    fresh: Map<Waiter, LedgerLine>
    chain: Chain
  } {
    const composed = new NewEvents()
    const fresh = new Map<Waiter, LedgerLine>()
    const chain = new Chain(this.#state.chain)
    const day = dayOfInstant(this.#clock.now())
    let text = ''
    for (const waiter of batch) {
      if (!this.#isNews(waiter, composed)) continue
      const { event, receipt, bytes } = waiter
      const line = { seq: chain.lines + 1, day, event, receipt, bytes, prev: chain.head }
      const written = formatLine(line)
      chain.append(written)
      text += written
      fresh.set(waiter, line)
      composed.note(line)
    }
    return { text, fresh, chain }
  }

  #isNews({ event, receipt }: Waiter, composed: NewEvents): boolean {
    const kind = isDeadEvent(event) ? 'dead' : 'life'
    const last = composed.find(kind, receipt) ?? this.#state.find(kind, receipt)
    if (isDeadEvent(event)) return (last?.event ?? 'discarded') !== event
    return followers[(last as LedgerEntry | null)?.event ?? 'nothing'] === event
  }

  async #persist(bytes: Buffer): Promise<void> {
    if (this.#needsNewFile) await this.#startNewFile()
    if (!this.isInPlace())
      throw new LedgerError(
        'REPLACED',
        'the ledger is no longer where it was: put it back, or start the worker again, which writes a new one from the stored envelopes',
      )
    if (this.#needsRepair) await this.#repair()
    this.#needsRepair = true
    try {
      await writeFully(this.#handle, bytes, this.#goodBytes)
      await this.#hideTime()
      await this.#handle.datasync()
    } catch (error) {
      await this.#repair().catch(() => {})
      throw error
    }
    this.#goodBytes += bytes.length
    this.#needsRepair = false
  }

  /** Sets the file's time to the day, which is all that the ledger itself reveals. */
  async #hideTime(): Promise<void> {
    const day = midnightOf(this.#clock.now())
    await this.#handle.utimes(day, day)
  }

  /** Removes bytes of a failed write, or whose fsync failed, before the next attempt. */
  async #repair(): Promise<void> {
    await cut(this.#handle, this.#goodBytes)
    await this.#hideTime()
    this.#needsRepair = false
  }

  async #roll(): Promise<void> {
    if (this.#needsNewFile) return await this.#startNewFile()
    if (this.#needsRepair) await this.#repair()
    await this.#state.closeSegment(null)
    this.#needsNewFile = true
    await this.#startNewFile()
  }

  async #startNewFile(): Promise<void> {
    const { files } = this.#state
    await replaceActive(files, Buffer.alloc(0), this.#state.today())
    const handle = await open(files.active, 'r+')
    await this.#handle.close()
    this.#handle = handle
    this.#goodBytes = 0
    this.#needsNewFile = false
  }
}

async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
