import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Clock } from '../time/clock.ts'
import { midnightOf, dayOfInstant } from '../time/day.ts'
import { syncDirectory } from '../disk/dir-sync.ts'
import { LedgerError } from './errors.ts'
import { formatLine, hashLine, type LedgerEvent, type LedgerLine } from './format.ts'
import { lockLedger } from './lock.ts'
import { readLedger } from './read.ts'

/** Lines in one write; the rest waits for the next. */
const maxBatchLines = 2048

/**
 * Which event may follow which for one receipt. Whatever is not here has been
 * written before and is not written twice: a retried job, a second sweep, an
 * acknowledgement that is read again after a crash.
 */
const followers: Readonly<Record<Stage | 'nothing', Stage>> = {
  nothing: 'stored',
  stored: 'collected',
  collected: 'deleted',
  // The same envelope may be sent again once the server has forgotten it.
  deleted: 'stored',
}

/** Dead letters are apart: a damaged copy says nothing about a good one of the same receipt. */
type DeadEvent = Extract<LedgerEvent, 'quarantined' | 'discarded'>
type Stage = Exclude<LedgerEvent, DeadEvent>

export interface LedgerEntry {
  event: Stage
  bytes: number
}

export interface Ledger {
  /** The last line about this receipt, or null; those about a dead letter are not looked at. */
  lastOf(receipt: string): LedgerEntry | null
  /** Whether the last line about a dead letter of this name says that it was discarded. */
  isDiscarded(receipt: string): boolean
  /**
   * Resolves when the line is durable: true if it was written now, false if the
   * ledger had it. Lines that wait together share one write and one fsync.
   * @throws LedgerError `IO_FAILED`, with nothing written; a later append tries again.
   */
  append(event: LedgerEvent, receipt: string, bytes: number): Promise<boolean>
  /**
   * True at first and after a failed append, until `settle`: the blobs may be ahead of the ledger.
   */
  isBehind(): boolean
  settle(): void
  lines(): number
  close: () => Promise<void>
}

interface Waiter {
  event: LedgerEvent
  receipt: string
  bytes: number
  resolve: (isNew: boolean) => void
  reject: (error: LedgerError) => void
}

/**
 * Opens the append-only ledger as its only writer. A last line without a newline is cut off: it was
 * being written when the process or the power went, and nobody was told that it is there.
 *
 * @throws LedgerError `LOCKED` when another worker still has it after `lockWaitMs` (0);
 * `CHAIN_BROKEN` when a line does not follow the one before.
 */
export async function openLedger(options: {
  path: string
  clock: Clock
  lockWaitMs?: number
}): Promise<Ledger> {
  const { path } = options
  const folder = path.replace(/\.jsonl$/, '')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await lockLedger(folder, options.lockWaitMs ?? 0)
  try {
    const writer = await LedgerWriter.open(path, options.clock)
    return {
      lastOf: (receipt) => writer.lastOf(receipt),
      isDiscarded: (receipt) => writer.isDiscarded(receipt),
      append: (event, receipt, bytes) => writer.append(event, receipt, bytes),
      isBehind: () => writer.isBehind,
      settle: () => void (writer.isBehind = false),
      lines: () => writer.lines,
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
  readonly #handle: FileHandle
  readonly #clock: Clock
  readonly #history: History
  readonly #waiting: Waiter[] = []
  #head: string
  #goodBytes: number
  #isWriting = false
  #needsRepair = false
  #isClosed = false
  #idle: Promise<void> = Promise.resolve()
  lines: number
  isBehind = true

  private constructor(
    handle: FileHandle,
    clock: Clock,
    history: History,
    at: { lines: number; goodBytes: number; head: string },
  ) {
    this.#handle = handle
    this.#clock = clock
    this.#history = history
    this.#head = at.head
    this.#goodBytes = at.goodBytes
    this.lines = at.lines
  }

  static async open(path: string, clock: Clock): Promise<LedgerWriter> {
    const history: History = { last: new Map(), dead: new Map() }
    const handle = await openForWriting(path)
    try {
      const reading = await readLedger(path, (line) => remember(history, line))
      if (!reading.ok) throw brokenAt(reading.firstBadLine ?? 0)
      if (reading.tornBytes > 0) await cut(handle, reading.goodBytes)
      return new LedgerWriter(handle, clock, history, reading)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  lastOf(receipt: string): LedgerEntry | null {
    return this.#history.last.get(receipt) ?? null
  }

  isDiscarded(receipt: string): boolean {
    return this.#history.dead.get(receipt) === 'discarded'
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
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) await this.#writeBatch(this.#waiting.splice(0, maxBatchLines))
    this.#isWriting = false
  }

  async #writeBatch(batch: readonly Waiter[]): Promise<void> {
    const { text, fresh, head } = this.#compose(batch)
    try {
      if (fresh.size > 0) await this.#persist(Buffer.from(text))
    } catch (cause) {
      this.isBehind = true
      const error = new LedgerError(
        'IO_FAILED',
        'the ledger could not be written; it is tried again',
        cause,
      )
      for (const waiter of batch) waiter.reject(error)
      return
    }
    this.#head = head
    this.lines += fresh.size
    for (const waiter of fresh) remember(this.#history, waiter)
    for (const waiter of batch) waiter.resolve(fresh.has(waiter))
  }

  /**
   * The lines of a batch, each following the one before; nothing is changed before they are
   * durable.
   */
  #compose(batch: readonly Waiter[]): { text: string; fresh: Set<Waiter>; head: string } {
    const composed: History = { last: new Map(), dead: new Map() }
    const fresh = new Set<Waiter>()
    const day = dayOfInstant(this.#clock.now())
    let head = this.#head
    let text = ''
    for (const waiter of batch) {
      if (!isNews(waiter, composed, this.#history)) continue
      const { event, receipt, bytes } = waiter
      const line = formatLine({
        seq: this.lines + fresh.size + 1,
        day,
        event,
        receipt,
        bytes,
        prev: head,
      })
      head = hashLine(line)
      text += line
      fresh.add(waiter)
      remember(composed, waiter)
    }
    return { text, fresh, head }
  }

  async #persist(bytes: Buffer): Promise<void> {
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

  /** The ledger says the day, so its own time must not say more. */
  async #hideTime(): Promise<void> {
    const day = midnightOf(this.#clock.now())
    await this.#handle.utimes(day, day)
  }

  /**
   * Half a batch from a full disk, or bytes whose fsync failed, must not come before the next try.
   */
  async #repair(): Promise<void> {
    await cut(this.#handle, this.#goodBytes)
    this.#needsRepair = false
  }
}

/** What the ledger says about each receipt. */
interface History {
  last: Map<string, LedgerEntry>
  dead: Map<string, DeadEvent>
}

function remember(
  history: History,
  { event, receipt, bytes }: Pick<LedgerLine, 'event' | 'receipt' | 'bytes'>,
): void {
  if (isDeadEvent(event)) history.dead.set(receipt, event)
  else history.last.set(receipt, { event, bytes })
}

function isNews({ event, receipt }: Waiter, composed: History, written: History): boolean {
  if (isDeadEvent(event)) {
    const last = composed.dead.get(receipt) ?? written.dead.get(receipt) ?? 'discarded'
    return last !== event
  }
  const last = composed.last.get(receipt) ?? written.last.get(receipt)
  return followers[last?.event ?? 'nothing'] === event
}

function isDeadEvent(event: LedgerEvent): event is DeadEvent {
  return event === 'quarantined' || event === 'discarded'
}

async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

async function openForWriting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const handle = await open(path, 'wx+', 0o600)
  await syncDirectory(dirname(path))
  return handle
}

async function cut(handle: FileHandle, bytes: number): Promise<void> {
  await handle.truncate(bytes)
  await handle.sync()
}

function brokenAt(line: number): LedgerError {
  return new LedgerError(
    'CHAIN_BROKEN',
    `the ledger's line ${line} does not follow the line before it: somebody or the disk has changed ledger.jsonl. ` +
      'Keep the file as evidence under another name and start again: a new ledger is written from the stored envelopes',
  )
}
