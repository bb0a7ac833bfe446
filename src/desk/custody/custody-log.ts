import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { layoutOf } from '../files/layout.ts'
import type { CustodyLine } from './chain.ts'
import { beginningOfChain, digestOfLine, formatLine, maxLineBytes, parseLine } from './chain.ts'
import { CustodyError } from './errors.ts'
import { withCasebookLock } from './lock.ts'
import type { Actor, CustodyEntry } from './record.ts'
import { count } from '../../text/count.ts'

const newline = 0x0a
const maxFieldChars = 2_000

/** The last line of the chain, and the length of the file up to the end of that line. */
interface End {
  seq: number
  digest: string
  bytes: number
}

/**
 * Adds entries to the casebook's custody log, in order and durably. Each becomes one line of JSON
 * that holds the digest of the previous line. A line that a killed program left unfinished is cut
 * off, and an entry records that. Missing lines at the *end* can be noticed only by somebody who
 * noted the number and digest of the last line.
 * @throws CustodyError `LOG_DAMAGED`, `LOCKED`; errors of the disk.
 */
export async function recordCustody(actor: Actor, entries: readonly CustodyEntry[]): Promise<void> {
  if (entries.length === 0) return
  await withCasebookLock(actor.casebook, async () => {
    const path = layoutOf(actor.casebook).custody
    const file = await open(path, 'a+', 0o600)
    try {
      const { size } = await file.stat()
      const { end, torn } = await findEnd(file, size)
      if (torn !== null) await file.truncate(end.bytes)
      const beginning: CustodyEntry[] =
        size === 0 ? [{ action: 'casebook_made', item: '.', sha256: null, reason: null }] : []
      const lines = chainOn(actor, end, [
        ...beginning,
        ...(torn === null ? [] : [torn]),
        ...entries,
      ])
      try {
        await file.appendFile(lines)
        await file.sync()
      } catch (error) {
        await takeBack(file, end.bytes)
        throw error
      }
      if (size === 0) await syncDirectory(actor.casebook)
    } finally {
      await file.close()
    }
  })
}

/**
 * Best effort: takes back lines that may never reach the disk, so that the log says nothing that
 * its caller then does not do.
 */
async function takeBack(file: FileHandle, bytes: number): Promise<void> {
  await file
    .truncate(bytes)
    .then(() => file.datasync())
    .catch(() => undefined)
}

function chainOn(actor: Actor, end: End, entries: readonly CustodyEntry[]): string {
  const time = `${actor.now().toISOString().slice(0, 19)}Z`
  let { seq, digest } = end
  return entries
    .map(({ action, item, sha256, reason }) => {
      const line: CustodyLine = {
        seq: (seq += 1),
        time,
        role: actor.role.slice(0, maxFieldChars),
        action,
        item: item.slice(0, maxFieldChars),
        sha256,
        tool: actor.tool,
        reason: reason?.slice(0, maxFieldChars) ?? null,
        prev: digest,
      }
      const text = formatLine(line)
      digest = digestOfLine(text)
      return `${text}\n`
    })
    .join('')
}

/** Finds the last complete line, and the entry that records an unfinished line after it. */
async function findEnd(
  file: FileHandle,
  size: number,
): Promise<{ end: End; torn: CustodyEntry | null }> {
  const start = Math.max(0, size - 2 * maxLineBytes)
  const tail = Buffer.alloc(size - start)
  await file.read(tail, 0, tail.length, start)
  const lastNewline = tail.lastIndexOf(newline)
  if (lastNewline < 0 && start > 0) throw damaged()
  const end = endOf(tail.subarray(0, lastNewline + 1), start)
  const rest = tail.subarray(lastNewline + 1)
  if (rest.length === 0) return { end, torn: null }
  const reason = `cut off: ${count(rest.length, 'byte')} of a line that was never finished`
  return {
    end,
    torn: { action: 'log_repaired', item: 'custody.jsonl', sha256: digestOfLine(rest), reason },
  }
}

function endOf(whole: Buffer, start: number): End {
  if (whole.length === 0) return { seq: 0, digest: beginningOfChain, bytes: 0 }
  const line = whole.subarray(whole.lastIndexOf(newline, whole.length - 2) + 1, whole.length - 1)
  const parsed = parseLine(line.toString('utf8'))
  if (parsed === null) throw damaged()
  return { seq: parsed.seq, digest: digestOfLine(line), bytes: start + whole.length }
}

function damaged(): CustodyError {
  return new CustodyError(
    'LOG_DAMAGED',
    'custody.jsonl does not end in a line of the log: keep it as it is, and see "tumen verify CASEBOOK"',
  )
}
