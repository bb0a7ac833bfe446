import { createReadStream } from 'node:fs'
import { firstPrev, hashLine, type LedgerLine, maxLineBytes, parseLine } from './format.ts'

const newline = 0x0a

export interface LedgerReading {
  ok: boolean
  /** Good lines from the start. */
  lines: number
  /** From 1; null when every line is good. */
  firstBadLine: number | null
  /** Where the last good line ends. */
  goodBytes: number
  /** Bytes after the last newline: a line that was being written when the power went. */
  tornBytes: number
  /** What the next line must carry as `prev`. */
  head: string
}

/**
 * Reads the chain from the start in constant memory, up to its end or first bad
 * line. A file that does not exist reads as an empty ledger.
 */
export async function readLedger(
  path: string,
  visit: (line: LedgerLine) => void = () => {},
): Promise<LedgerReading> {
  const reading: LedgerReading = {
    ok: true,
    lines: 0,
    firstBadLine: null,
    goodBytes: 0,
    tornBytes: 0,
    head: firstPrev,
  }
  for await (const bytes of splitLines(path)) {
    if (bytes.at(-1) !== newline && bytes.length <= maxLineBytes) {
      reading.tornBytes = bytes.length
      break
    }
    const line = parseLine(bytes.toString('utf8'))
    if (line === null || line.seq !== reading.lines + 1 || line.prev !== reading.head) {
      return { ...reading, ok: false, firstBadLine: reading.lines + 1 }
    }
    reading.lines += 1
    reading.goodBytes += bytes.length
    reading.head = hashLine(bytes)
    visit(line)
  }
  return reading
}

/**
 * Whether the ledger is whole. A torn last line is not a fault: the next worker
 * that opens the ledger cuts it off, and nothing had been told to depend on it.
 * The chain shows a changed, lost or moved line to whoever kept a later head; it
 * is no signature, so whoever can write the whole file can write another one.
 */
export async function verifyLedger(
  path: string,
): Promise<{ ok: boolean; lines: number; firstBadLine: number | null }> {
  const { ok, lines, firstBadLine } = await readLedger(path)
  return { ok, lines, firstBadLine }
}

/**
 * Lines with their newline; the last may lack it. What is too long is cut there and is never a good
 * line.
 */
async function* splitLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of openIfExists(path)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline, start)) {
      yield rest.subarray(start, end + 1)
      start = end + 1
    }
    rest = rest.subarray(start)
    if (rest.length > maxLineBytes) {
      yield rest
      return
    }
  }
  if (rest.length > 0) yield rest
}

async function* openIfExists(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
