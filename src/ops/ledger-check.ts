import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { openUnseen } from '../disk/open-without-atime.ts'

/** A ledger line is under 300 bytes; what has no newline for this long is none. */
const maxLineBytes = 512
const pieceBytes = 256 * 1024
const newline = 0x0a

export interface LedgerCheck {
  /**
   * Checks what was appended since the last call; the first call reads all. Once
   * broken it stays broken: whoever repaired the ledger starts this process again.
   */
  isWhole(): Promise<boolean>
  /** What the lines read so far tell, by day. */
  history(): LedgerHistory
}

export interface LedgerHistory {
  /** `YYYY-MM-DD`; null for an empty ledger. */
  firstDay: string | null
  /** Of the last days on which something was stored. */
  storedBytesByDay: ReadonlyMap<string, number>
}

/** More than any rate is reckoned from. */
const maxHistoryDays = 32

interface Chain {
  bytes: number
  lines: number
  head: string
}

class History implements LedgerHistory {
  firstDay: string | null = null
  readonly storedBytesByDay = new Map<string, number>()

  add({ day, event, bytes }: LineFields): void {
    if (typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day)) return
    this.firstDay ??= day
    if (event !== 'stored' || !Number.isSafeInteger(bytes)) return
    this.storedBytesByDay.set(day, (this.storedBytesByDay.get(day) ?? 0) + (bytes as number))
    for (const oldest of this.storedBytesByDay.keys()) {
      if (this.storedBytesByDay.size <= maxHistoryDays) break
      this.storedBytesByDay.delete(oldest)
    }
  }
}

interface LineFields {
  seq?: unknown
  prev?: unknown
  day?: unknown
  event?: unknown
  bytes?: unknown
}

/**
 * Follows the hash chain of the ledger in constant memory. A last line without
 * its newline is still being written and is left for the next call. No ledger
 * yet is a whole one, unless lines have been seen.
 */
export function createLedgerCheck(path: string): LedgerCheck {
  let chain: Chain = { bytes: 0, lines: 0, head: '0'.repeat(64) }
  const history = new History()
  let broken = false
  let running: Promise<void> | null = null

  async function advance(): Promise<void> {
    const file = await openOrNull(path)
    if (file === null) {
      broken = chain.bytes > 0
      return
    }
    try {
      if ((await file.stat()).size < chain.bytes) broken = true
      while (!broken && (await takePiece(file))) continue
    } finally {
      await file.close()
    }
  }

  /** False at the end of what is there. */
  async function takePiece(file: FileHandle): Promise<boolean> {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(pieceBytes),
      0,
      pieceBytes,
      chain.bytes,
    )
    const piece = buffer.subarray(0, bytesRead)
    const next = followLines(chain, piece, history)
    if (next === null) broken = true
    else chain = next
    return next !== null && bytesRead === pieceBytes
  }

  return {
    async isWhole() {
      if (!broken) {
        running ??= advance().finally(() => {
          running = null
        })
        await running
      }
      return !broken
    },
    history: () => history,
  }
}

/** Null when a line does not follow from the one before it. */
function followLines(from: Chain, piece: Buffer, history: History): Chain | null {
  const chain = { ...from }
  let start = 0
  for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, start)) {
    const line = piece.subarray(start, end + 1)
    const fields = parseLine(line)
    if (fields === null || fields.seq !== chain.lines + 1 || fields.prev !== chain.head) return null
    history.add(fields)
    chain.lines += 1
    chain.bytes += line.length
    chain.head = createHash('sha256').update(line).digest('hex')
    start = end + 1
  }
  return piece.length - start > maxLineBytes ? null : chain
}

function parseLine(line: Buffer): LineFields | null {
  if (line.length > maxLineBytes) return null
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

async function openOrNull(path: string): Promise<FileHandle | null> {
  try {
    return await openUnseen(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
