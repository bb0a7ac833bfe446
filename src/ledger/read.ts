import { orNull } from '../disk/errno.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { Chain } from './chain.ts'
import { type Checkpoint, hashCheckpoint, readCheckpoint } from './checkpoint.ts'
import { hashLine, type LedgerLine, parseLine } from './format.ts'
import { type LedgerFiles, lastSegment, ledgerFilesOf, segmentPath } from './layout.ts'
import { isTorn, linesAt, linesOf } from './lines.ts'

export interface LedgerReading {
  ok: boolean
  /** Number of valid lines from the start. */
  lines: number
  /** Number of the first bad line, from 1; null if every line is valid. */
  firstBadLine: number | null
  /** Bytes after the last newline: a line that is incomplete because the power failed. */
  tornBytes: number
  /** The `prev` that the next line must have. */
  head: string
}

export interface WrittenLine {
  line: LedgerLine
  /** The line, with its newline. */
  bytes: Buffer
}

/**
 * Reads all segments and `ledger.jsonl` from the first line in constant memory, up to the end or
 * the first bad line. A checkpoint that contradicts its segment counts as a bad line. May be called
 * while the worker writes. A ledger that does not exist reads as empty.
 *
 * @param path of `ledger.jsonl`.
 * @param after the checkpoint whose lines are believed and left out; null for none.
 */
export async function readLedger(
  path: string,
  visit: (line: LedgerLine) => void = () => {},
  after: Checkpoint | null = null,
): Promise<LedgerReading> {
  const reader = new LedgerReader(ledgerFilesOf(path), after)
  for await (const { line } of reader.read()) visit(line)
  return reader.reading()
}

/**
 * The first `count` lines of all segments and `ledger.jsonl`, byte for byte; fewer if there are
 * fewer valid ones.
 */
export async function* copyLines(path: string, count: number): AsyncGenerator<Buffer> {
  let left = count
  if (left === 0) return
  for await (const { bytes } of new LedgerReader(ledgerFilesOf(path)).read()) {
    yield bytes
    left -= 1
    if (left === 0) return
  }
}

/** Paths of the ledger's files in order, without looking at their content. */
export async function ledgerPaths(path: string): Promise<string[]> {
  const files = ledgerFilesOf(path)
  const segments = Array.from({ length: await lastSegment(files) }, (_, at) => at + 1)
  return [...segments.map((segment) => segmentPath(files, segment)), path]
}

/**
 * Whether the ledger is whole. An incomplete last line is not a fault: the next worker cuts it off,
 * and no receipt depends on it. The chain reveals a changed, lost or moved line to anybody who kept
 * a later hash. It is not a signature: a person who can write all the files can write a different
 * ledger.
 */
export async function verifyLedger(
  path: string,
): Promise<{ ok: boolean; lines: number; firstBadLine: number | null }> {
  const { ok, lines, firstBadLine } = await readLedger(path)
  return { ok, lines, firstBadLine }
}

/** The day of the last line, read from the end: null for an empty or unreadable ledger. */
export async function readLastDay(path: string): Promise<string | null> {
  const files = ledgerFilesOf(path)
  const checkpoint = await readCheckpoint(files, await lastSegment(files))
  let day = checkpoint === 'damaged' ? null : (checkpoint?.history.lastDay ?? null)
  for await (const bytes of linesAt(path)) day = parseLine(bytes.toString('utf8'))?.day ?? day
  return day
}

class LedgerReader {
  readonly #files: LedgerFiles
  readonly #firstSegment: number
  readonly #chain: Chain
  #previous: string
  #isBroken = false
  #tornBytes = 0

  constructor(files: LedgerFiles, after: Checkpoint | null = null) {
    this.#files = files
    this.#firstSegment = (after?.segment ?? 0) + 1
    this.#chain = new Chain(after ?? undefined)
    this.#previous = hashCheckpoint(after)
  }

  async *read(): AsyncGenerator<WrittenLine> {
    for (let segment = this.#firstSegment; !this.#isBroken; ) {
      const checkpoint = await readCheckpoint(this.#files, segment)
      if (checkpoint !== null) {
        yield* this.#readSegment(segment, checkpoint)
        segment += 1
      } else if (yield* this.#readActive(segment)) return
    }
  }

  reading(): LedgerReading {
    const { lines, head } = this.#chain
    return {
      ok: !this.#isBroken,
      lines,
      firstBadLine: this.#isBroken ? lines + 1 : null,
      tornBytes: this.#tornBytes,
      head,
    }
  }

  async *#readSegment(
    segment: number,
    checkpoint: Checkpoint | 'damaged',
  ): AsyncGenerator<WrittenLine> {
    yield* this.#take(linesAt(segmentPath(this.#files, segment)))
    if (
      checkpoint === 'damaged' ||
      checkpoint.previous !== this.#previous ||
      !this.#chain.isAt(checkpoint)
    )
      this.#isBroken = true
    else this.#previous = hashCheckpoint(checkpoint)
  }

  /** Returns false if the worker has meanwhile turned the file into a segment. */
  async *#readActive(segment: number): AsyncGenerator<WrittenLine, boolean> {
    const file = await orNull(openUnseen(this.#files.active))
    try {
      // The check comes after opening: if the segment does not exist even now, the open file
      // continues the chain.
      if ((await readCheckpoint(this.#files, segment)) !== null) return false
      // Closing a segment always leaves a new file behind, so a missing one was removed by
      // somebody.
      if (file === null) this.#isBroken = segment > 1
      else yield* this.#take(skipKnown(linesOf(file), this.#chain))
      return true
    } finally {
      await file?.close()
    }
  }

  async *#take(lines: AsyncIterable<Buffer>): AsyncGenerator<WrittenLine> {
    for await (const bytes of lines) {
      if (isTorn(bytes)) {
        this.#tornBytes = bytes.length
        return
      }
      const line = this.#chain.take(bytes)
      if (line === null) {
        this.#isBroken = true
        return
      }
      yield { line, bytes }
    }
  }
}

/**
 * Leaves out the lines up to the end of the chain if the file starts before it: a worker that was
 * killed while it closed a segment leaves its lines in both files. If those lines do not lead
 * exactly to the end of the chain, they are passed on and fail there as bad lines.
 */
export async function* skipKnown(
  lines: AsyncIterable<Buffer>,
  { lines: known, head }: { lines: number; head: string },
): AsyncGenerator<Buffer> {
  let isKnown = known > 0
  for await (const bytes of lines) {
    const seq = isKnown ? parseLine(bytes.toString('utf8'))?.seq : undefined
    if (seq === undefined || seq > known) isKnown = false
    if (!isKnown) yield bytes
    else if (seq === known) {
      if (hashLine(bytes) !== head) yield bytes
      isKnown = false
    }
  }
}
