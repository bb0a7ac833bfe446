import { type FileHandle, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncDirectory } from '../disk/dir-sync.ts'
import { orNull } from '../disk/errno.ts'
import type { Clock } from '../time/clock.ts'
import { type Checkpoint, hashCheckpoint, readCheckpoint } from './checkpoint.ts'
import { Chain } from './chain.ts'
import { EndCheck, EndNote, noteLoss, readEnd } from './end.ts'
import { LedgerError } from './errors.ts'
import { indexPath, lastSegment, type LedgerFiles, segmentPath } from './layout.ts'
import { isTorn, linesAt, linesOf } from './lines.ts'
import { skipKnown } from './read.ts'
import { ReceiptIndex } from './receipt-index.ts'
import { hashIndex, replaceActive } from './roll.ts'
import { LedgerState, NewEvents } from './state.ts'

/** Lines between two reports of progress: a quarter of a second's work. */
const progressLines = 32_768

export interface OpenOptions {
  files: LedgerFiles
  clock: Clock
  maxSegmentLines: number
  /** Called from time to time during a long read. */
  onProgress: () => void
  /** Called with the number of lines that are missing at the end. */
  onLoss: (lines: number) => void
}

export interface OpenedLedger {
  state: LedgerState
  handle: FileHandle
  endNote: EndNote | null
  /** End of the last valid line in `ledger.jsonl`. */
  goodBytes: number
}

/**
 * Reads what is needed to continue a ledger: the last checkpoint, its index, and the lines since
 * then. If an earlier version left a long `ledger.jsonl`, it is split into segments. If lines are
 * missing at the end, the ledger is continued, because the vault shows most of what they said; the
 * loss is noted, so that ops reports the ledger as broken.
 *
 * @throws LedgerError `CHAIN_BROKEN`; nothing is changed then.
 */
export async function openFiles(options: OpenOptions): Promise<OpenedLedger> {
  const { files, clock } = options
  const segment = await lastSegment(files)
  const checkpoint = await requireCheckpoint(files, segment)
  const index = await readIndex(options, checkpoint)
  const state = new LedgerState(files, clock, checkpoint, index)
  const end = new EndCheck(await readEnd(files), state.chain)
  const rest = await readActive(options, state, end)
  if (!end.isMet) {
    const { lines } = state.chain
    await noteLoss(files, { kept: lines, noted: end.lines }, state.today())
    options.onLoss(Math.max(1, end.lines - lines))
  }
  if (rest.mustRewrite) await replaceActive(files, rest.lines(), state.today())
  const handle = await openForWriting(files, segment)
  try {
    if (!rest.mustRewrite && rest.tornBytes > 0) await cut(handle, rest.goodBytes)
    const endNote = await EndNote.open(files)
    await endNote?.write(state.chain, state.today())
    const goodBytes = rest.mustRewrite ? rest.lines().length : rest.goodBytes
    return { state, handle, endNote, goodBytes }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function requireCheckpoint(files: LedgerFiles, segment: number): Promise<Checkpoint | null> {
  const checkpoint = await readCheckpoint(files, segment)
  const before = await readCheckpoint(files, segment - 1)
  if (checkpoint === 'damaged' || before === 'damaged' || (segment > 1 && before === null))
    throw chainBroken('a checkpoint of the ledger is damaged or missing')
  if (checkpoint !== null && checkpoint.previous !== hashCheckpoint(before))
    throw chainBroken('a checkpoint of the ledger does not follow the one before it')
  return checkpoint
}

/**
 * Reads the index, which only saves time. If it is damaged or missing, it is rebuilt from the
 * segments.
 */
async function readIndex(
  options: OpenOptions,
  checkpoint: Checkpoint | null,
): Promise<ReceiptIndex> {
  if (checkpoint === null) return new ReceiptIndex()
  const block = await orNull(readFile(indexPath(options.files, checkpoint.segment)))
  const index = new ReceiptIndex(block ?? Buffer.alloc(0))
  if (hashIndex(index) === checkpoint.index) return index
  const rebuilt = await rebuildIndex(options, checkpoint)
  if (hashIndex(rebuilt) === checkpoint.index) return rebuilt
  throw chainBroken('a segment of the ledger is not the one of its checkpoint')
}

async function rebuildIndex(
  { files, onProgress }: OpenOptions,
  { segment: last }: Checkpoint,
): Promise<ReceiptIndex> {
  const chain = new Chain()
  let index = new ReceiptIndex()
  for (let segment = 1; segment <= last; segment += 1) {
    const fresh = new NewEvents()
    for await (const bytes of linesAt(segmentPath(files, segment))) {
      const line = chain.take(bytes)
      if (line === null) throw lineBroken(chain.lines + 1)
      fresh.note(line)
    }
    index = index.merge(fresh.entries())
    onProgress()
  }
  return index
}

interface Rest {
  goodBytes: number
  tornBytes: number
  /** Whether `ledger.jsonl` still holds lines that are in a segment. */
  mustRewrite: boolean
  /** The lines that follow the last segment. */
  lines(): Buffer
}

async function readActive(
  { files, maxSegmentLines, onProgress }: OpenOptions,
  state: LedgerState,
  end: EndCheck,
): Promise<Rest> {
  const rest = { goodBytes: 0, tornBytes: 0, mustRewrite: false }
  let fresh: Buffer[] = []
  const known = state.chain.lines
  const file = await orNull(open(files.active, 'r'))
  if (file === null && known > 0) throw chainBroken('ledger.jsonl is missing')
  try {
    for await (const bytes of file === null ? [] : skipKnown(linesOf(file), state.chain)) {
      if (isTorn(bytes)) {
        rest.tornBytes = bytes.length
        break
      }
      if (state.freshLines === maxSegmentLines) {
        await state.closeSegment(Buffer.concat(fresh))
        fresh = []
        rest.mustRewrite = true
      }
      const line = state.chain.take(bytes)
      if (line === null) throw lineBroken(state.chain.lines + 1)
      state.note(line)
      end.look(state.chain)
      fresh.push(bytes)
      rest.goodBytes += bytes.length
      if (state.chain.lines % progressLines === 0) onProgress()
    }
    const { size } = (await file?.stat()) ?? { size: 0 }
    // Lines before the end of the last segment were skipped.
    if (size > rest.goodBytes + rest.tornBytes) rest.mustRewrite = true
  } finally {
    await file?.close()
  }
  return { ...rest, lines: () => Buffer.concat(fresh) }
}

async function openForWriting({ active }: LedgerFiles, segment: number): Promise<FileHandle> {
  const found = await orNull(open(active, 'r+'))
  if (found !== null) return found
  if (segment > 0) throw chainBroken('ledger.jsonl is missing')
  const handle = await open(active, 'wx+', 0o600)
  await syncDirectory(dirname(active))
  return handle
}

/** Cuts off an incomplete line. */
export async function cut(handle: FileHandle, bytes: number): Promise<void> {
  await handle.truncate(bytes)
  await handle.sync()
}

function lineBroken(line: number): LedgerError {
  return chainBroken(`the ledger's line ${line} does not follow the line before it`)
}

function chainBroken(what: string): LedgerError {
  return new LedgerError(
    'CHAIN_BROKEN',
    `${what}: a person or the disk has changed the ledger. Move ledger.jsonl and the folder ledger out of ` +
      'TUMEN_DATA_DIR, keep both as evidence, and start again: a new ledger is written from the stored envelopes',
  )
}
