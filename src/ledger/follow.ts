import { type FileHandle, stat } from 'node:fs/promises'
import { orNull } from '../disk/errno.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { Chain, type ChainEnd, chainStart } from './chain.ts'
import { type Checkpoint, hashCheckpoint, readCheckpoint } from './checkpoint.ts'
import { Days, type LedgerHistory } from './days.ts'
import { EndCheck, hasLoss, readEnd } from './end.ts'
import { hashLine, parseLine } from './format.ts'
import { type LedgerFiles, lastSegment, ledgerFilesOf, segmentPath } from './layout.ts'
import { isTorn, linesAt, linesOf } from './lines.ts'
import { NewEvents } from './state.ts'

export interface LedgerCheck {
  /**
   * Checks the lines appended since the last call and one of the closed segments, so that every
   * segment is checked regularly. The first call starts at the last checkpoint.
   *
   * A broken ledger counts as broken until the lines seen before are back, or until the worker has
   * started a new ledger in a new folder.
   */
  isWhole(): Promise<boolean>
  /** Summary of the days in the lines read so far. */
  history(): LedgerHistory
  /** How far the ledger was read at the last call; null while it is broken. */
  position(): LedgerPosition | null
}

export interface LedgerPosition {
  /** Number of all lines. */
  lines: number
  checkpoint: Checkpoint | null
  /** The last events of the envelopes in the lines since the checkpoint. */
  fresh: NewEvents
}

/** @param path of `ledger.jsonl`. */
export function createLedgerCheck(path: string): LedgerCheck {
  const files = ledgerFilesOf(path)
  let follower = new Follower(files)
  let running: Promise<void> | null = null

  async function look(): Promise<void> {
    await follower.advance()
    if (!follower.isBroken) await follower.checkOneSegment()
    if (!follower.isBroken) return
    const restarted = new Follower(files, follower)
    await restarted.advance()
    if (await restarted.isMended(follower)) follower = restarted
  }

  return {
    async isWhole() {
      running ??= look().finally(() => {
        running = null
      })
      await running
      return !follower.isBroken
    },
    history: () => follower.days,
    position: () => follower.position,
  }
}

/**
 * Follows the chain, even while segments are closed. The memory it takes is bounded by the length
 * of a segment.
 */
class Follower {
  readonly #files: LedgerFiles
  readonly #expected: ChainEnd | null
  #checkpoint: Checkpoint | null = null
  #chain = new Chain()
  /** Number of bytes read of `ledger.jsonl`; 0 at the start of each segment. */
  #offset = 0
  #folder: number | null = null
  #isStarted = false
  #nextChecked = 0
  #badSegment: number | null = null
  #hasMetExpected = false
  #end = new EndCheck(null)
  #fresh = new NewEvents()
  days = new Days()
  isBroken = false

  /** @param expected the position that a repaired ledger must reach. */
  constructor(files: LedgerFiles, expected: Follower | null = null) {
    this.#files = files
    this.#expected = expected === null ? null : { ...expected.end }
  }

  get position(): LedgerPosition | null {
    if (this.isBroken) return null
    return { lines: this.#chain.lines, checkpoint: this.#checkpoint, fresh: this.#fresh }
  }

  get end(): ChainEnd {
    return { lines: this.#chain.lines, head: this.#chain.head }
  }

  /** Whether this ledger is whole and may replace the broken one. */
  async isMended(broken: Follower): Promise<boolean> {
    if (this.isBroken) return false
    if (this.#folder !== broken.#folder) return true
    if (broken.#badSegment !== null) await this.#checkSegment(broken.#badSegment)
    return this.#hasMetExpected && !this.isBroken
  }

  async advance(): Promise<void> {
    if (this.isBroken) return
    // The end is read before the lines: the worker notes it after them.
    const end = await readEnd(this.#files)
    if (!this.#isStarted) await this.#start()
    this.#end = new EndCheck(end, this.#chain)
    while (!this.isBroken && (await this.#finishSegment())) continue
    const isRead = !this.isBroken && (await this.#readActive())
    if (isRead && !this.#end.isMet) this.isBroken = true
    this.isBroken ||= await hasLoss(this.#files)
  }

  async #start(): Promise<void> {
    this.#isStarted = true
    this.#folder = (await orNull(stat(this.#files.folder)))?.ino ?? null
    const checkpoint = await readCheckpoint(this.#files, await lastSegment(this.#files))
    if (checkpoint === 'damaged') this.isBroken = true
    else if (checkpoint !== null) this.#continueAfter(checkpoint)
    this.#meet()
  }

  #continueAfter(checkpoint: Checkpoint): void {
    this.#checkpoint = checkpoint
    this.#chain = new Chain(checkpoint)
    this.days = new Days(checkpoint.history)
    this.#fresh = new NewEvents()
    this.#offset = 0
  }

  /** Reads the rest of a segment that was closed since the last check. False if none was. */
  async #finishSegment(): Promise<boolean> {
    const segment = (this.#checkpoint?.segment ?? 0) + 1
    const checkpoint = await readCheckpoint(this.#files, segment)
    if (checkpoint === null) return false
    const file = await orNull(openUnseen(segmentPath(this.#files, segment)))
    try {
      if (file === null || checkpoint === 'damaged') this.isBroken = true
      else {
        for await (const bytes of linesOf(file, this.#offset)) if (!this.#take(bytes)) break
        this.isBroken ||=
          !this.#chain.isAt(checkpoint) || checkpoint.previous !== hashCheckpoint(this.#checkpoint)
        this.#continueAfter(checkpoint)
      }
    } finally {
      await file?.close()
    }
    return true
  }

  /** Returns false if the file is not the one that the worker continues, or was not read. */
  async #readActive(): Promise<boolean> {
    const file = await orNull(openUnseen(this.#files.active))
    if (file === null) {
      this.isBroken = this.#chain.lines > 0
      return true
    }
    try {
      // If a segment was closed meanwhile, the open file may already be the next one, which is read
      // later.
      const next = await readCheckpoint(this.#files, (this.#checkpoint?.segment ?? 0) + 1)
      if (next !== null) return false
      if ((await file.stat()).size < this.#offset) this.isBroken = true
      for await (const bytes of linesOf(file, this.#offset)) {
        if (isTorn(bytes) || this.isBroken) break
        // A worker that was killed while it closed a segment leaves that segment's lines in both
        // files.
        if (this.#offset === 0 && isBefore(bytes, this.#chain)) {
          await this.#checkKnown(file)
          return false
        }
        if (!this.#take(bytes)) break
        this.#offset += bytes.length
      }
      return true
    } finally {
      await file.close()
    }
  }

  /**
   * The lines up to the end of the chain must be in the file. Lines after it are left until the
   * worker has repaired the files.
   */
  async #checkKnown(file: FileHandle): Promise<void> {
    let isMet = false
    for await (const bytes of linesOf(file)) isMet ||= hashLine(bytes) === this.#chain.head
    this.isBroken = !isMet
  }

  #take(bytes: Buffer): boolean {
    const line = this.#chain.take(bytes)
    if (line === null) this.isBroken = true
    else {
      this.days.add(line)
      this.#fresh.note(line)
    }
    this.#end.look(this.#chain)
    this.#meet()
    return line !== null
  }

  #meet(): void {
    if (this.#expected !== null && this.#chain.isAt(this.#expected)) this.#hasMetExpected = true
  }

  /**
   * Checks one closed segment against its checkpoint and the previous one; each call checks the
   * next segment.
   */
  async checkOneSegment(): Promise<void> {
    const last = this.#checkpoint?.segment ?? 0
    if (last === 0) return
    this.#nextChecked = this.#nextChecked <= 1 ? last : this.#nextChecked - 1
    await this.#checkSegment(this.#nextChecked)
  }

  async #checkSegment(segment: number): Promise<void> {
    if (await isSegmentWhole(this.#files, segment)) return
    this.#badSegment = segment
    this.isBroken = true
  }
}

async function isSegmentWhole(files: LedgerFiles, segment: number): Promise<boolean> {
  const checkpoint = await readCheckpoint(files, segment)
  const before = await readCheckpoint(files, segment - 1)
  if (checkpoint === null || checkpoint === 'damaged' || before === 'damaged') return false
  if (checkpoint.previous !== hashCheckpoint(before)) return false
  if (before === null && segment > 1) return false
  const chain = new Chain(before ?? chainStart)
  for await (const bytes of linesAt(segmentPath(files, segment)))
    if (chain.take(bytes) === null) return false
  return chain.isAt(checkpoint)
}

function isBefore(bytes: Buffer, { lines }: ChainEnd): boolean {
  const seq = parseLine(bytes.toString('utf8'))?.seq
  return seq !== undefined && seq <= lines
}
