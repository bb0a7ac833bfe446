import { firstPrev, hashLine, type LedgerLine, parseLine } from './format.ts'

/** A position in the chain of lines: how many there are, and the hash of the last one. */
export interface ChainEnd {
  lines: number
  head: string
}

export const chainStart: Readonly<ChainEnd> = { lines: 0, head: firstPrev }

/** Follows the chain line by line. */
export class Chain implements ChainEnd {
  lines: number
  head: string

  constructor({ lines, head }: ChainEnd = chainStart) {
    this.lines = lines
    this.head = head
  }

  /** @returns null, and stays where it is, when the line does not follow the one before. */
  take(bytes: Uint8Array): LedgerLine | null {
    const line = parseLine(Buffer.from(bytes).toString('utf8'))
    if (line === null || line.seq !== this.lines + 1 || line.prev !== this.head) return null
    this.append(bytes)
    return line
  }

  /** Adds a line that is known to follow the one before. */
  append(line: string | Uint8Array): void {
    this.lines += 1
    this.head = hashLine(line)
  }

  isAt({ lines, head }: ChainEnd): boolean {
    return this.lines === lines && this.head === head
  }
}
