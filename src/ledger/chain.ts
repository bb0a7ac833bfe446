import { firstPrev, hashLine, type LedgerLine, parseLine } from './format.ts'

/** A position in the chain of lines: the number of lines and the hash of the last one. */
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

  /** @returns null, and keeps its position, if the line does not follow the previous one. */
  take(bytes: Uint8Array): LedgerLine | null {
    const line = parseLine(Buffer.from(bytes).toString('utf8'))
    if (line === null || line.seq !== this.lines + 1 || line.prev !== this.head) return null
    this.append(bytes)
    return line
  }

  /** Adds a line that is known to follow the previous one. */
  append(line: string | Uint8Array): void {
    this.lines += 1
    this.head = hashLine(line)
  }

  isAt({ lines, head }: ChainEnd): boolean {
    return this.lines === lines && this.head === head
  }
}
