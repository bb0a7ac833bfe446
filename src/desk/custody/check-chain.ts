import { readFile } from 'node:fs/promises'
import { layoutOf } from '../files/layout.ts'
import type { CustodyLine } from './chain.ts'
import { beginningOfChain, digestOfLine, parseLine } from './chain.ts'

export interface ChainVerdict {
  lines: CustodyLine[]
  /**
   * Number and digest of the last line. Noted elsewhere, they reveal a shortened log. Null for an
   * empty log.
   */
  head: { seq: number; sha256: string } | null
  problems: string[]
}

/**
 * Reads the whole log and checks that each line continues the chain. Everything wrong is reported
 * as a problem, never thrown.
 */
export async function checkChain(casebook: string): Promise<ChainVerdict> {
  const verdict: ChainVerdict = { lines: [], head: null, problems: [] }
  const bytes = await readFile(layoutOf(casebook).custody).catch(
    (error: NodeJS.ErrnoException) => error,
  )
  if (bytes instanceof Error)
    return { ...verdict, problems: [`custody.jsonl cannot be read (${bytes.code})`] }
  let prev = beginningOfChain
  let number = 0
  for (const line of linesOf(bytes)) {
    number += 1
    takeLine(verdict, line, number, prev)
    prev = digestOfLine(line)
  }
  if (bytes.at(-1) !== newline && bytes.length > 0)
    verdict.problems.push('custody.jsonl ends in a line that was never finished')
  return verdict
}

const newline = 0x0a

/**
 * Splits only at newlines and keeps every other byte, so that even an added carriage return changes
 * the digest.
 */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start)
    const end = found < 0 ? bytes.length : found
    yield bytes.subarray(start, end)
    start = end + 1
  }
}

function takeLine(verdict: ChainVerdict, bytes: Buffer, number: number, prev: string): void {
  const { problems, lines, head } = verdict
  const line = parseLine(bytes.toString('utf8'))
  if (line === null) return void problems.push(`custody.jsonl line ${number} is no line of the log`)
  const expected = (head?.seq ?? 0) + 1
  if (line.prev !== prev)
    problems.push(
      `custody.jsonl line ${number} does not follow the line before it: one was changed, added or taken away`,
    )
  if (line.seq !== expected)
    problems.push(`custody.jsonl line ${number} has number ${line.seq}, not ${expected}`)
  lines.push(line)
  verdict.head = { seq: line.seq, sha256: digestOfLine(bytes) }
}
