import type { FileHandle } from 'node:fs/promises'
import { orNull } from '../disk/errno.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { firstPrev, hashLine, type LedgerLine, maxLineBytes, parseLine } from './format.ts'

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
  /** The day of the last line, or null for an empty ledger. */
  lastDay: string | null
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
  lastDay: string | null = null
  readonly storedBytesByDay = new Map<string, number>()

  add({ day, event, bytes }: LedgerLine): void {
    this.firstDay ??= day
    this.lastDay = day
    if (event !== 'stored') return
    this.storedBytesByDay.set(day, (this.storedBytesByDay.get(day) ?? 0) + bytes)
    for (const oldest of this.storedBytesByDay.keys()) {
      if (this.storedBytesByDay.size <= maxHistoryDays) break
      this.storedBytesByDay.delete(oldest)
    }
  }
}

/**
 * Follows the hash chain of the ledger in constant memory. A last line without
 * its newline is still being written and is left for the next call. No ledger
 * yet is a whole one, unless lines have been seen.
 */
export function createLedgerCheck(path: string): LedgerCheck {
  let chain: Chain = { bytes: 0, lines: 0, head: firstPrev }
  const history = new History()
  let broken = false
  let running: Promise<void> | null = null

  async function advance(): Promise<void> {
    const file = await orNull(openUnseen(path))
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
    const bytes = piece.subarray(start, end + 1)
    const line = parseLine(bytes.toString('utf8'))
    if (line === null || line.seq !== chain.lines + 1 || line.prev !== chain.head) return null
    history.add(line)
    chain.lines += 1
    chain.bytes += bytes.length
    chain.head = hashLine(bytes)
    start = end + 1
  }
  return piece.length - start > maxLineBytes ? null : chain
}
