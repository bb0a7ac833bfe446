import { type FileHandle, open, utimes } from 'node:fs/promises'
import { replaceFile } from '../disk/small-files.ts'
import { orNull } from '../disk/errno.ts'
import { openUnseen } from '../disk/open-without-atime.ts'
import { type Chain, type ChainEnd, chainStart } from './chain.ts'
import { endPath, type LedgerFiles, lostPath } from './layout.ts'

/** Constant, so that writing the file in place never leaves the end of an older text. */
const endBytes = 128

/**
 * Remembers how far the ledger reached. A cut at its end leaves a valid, shorter chain, so only a
 * note in another file reveals it. The note is never synced: it is written after its line is
 * durable, so after a power cut it can be too old, but never ahead of the ledger.
 */
export class EndNote {
  readonly #handle: FileHandle

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** Null if the disk is full; a cut would then go unnoticed, which must not stop the worker. */
  static async open(files: LedgerFiles): Promise<EndNote | null> {
    const found = await open(endPath(files), 'r+')
      .catch(() => open(endPath(files), 'w', 0o600))
      .catch(() => null)
    return found && new EndNote(found)
  }

  async write({ lines, head }: ChainEnd, day: Date): Promise<void> {
    const text = `${JSON.stringify({ lines, head }).padEnd(endBytes - 1)}\n`
    await this.#handle.write(text, 0).catch(() => {})
    await this.#handle.utimes(day, day).catch(() => {})
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** The last end that was noted; null if there is no readable note. */
export async function readEnd(files: LedgerFiles): Promise<ChainEnd | null> {
  const file = await orNull(openUnseen(endPath(files)))
  try {
    const bytes = Buffer.alloc(endBytes + 1)
    const length = (await file?.read(bytes, 0, bytes.length, 0))?.bytesRead ?? 0
    return length === endBytes ? parseEnd(bytes.toString('latin1', 0, length)) : null
  } finally {
    await file?.close()
  }
}

function parseEnd(text: string): ChainEnd | null {
  const found = /^\{"lines":(\d{1,15}),"head":"([0-9a-f]{64})"\} *\n$/.exec(text)
  return found && { lines: Number(found[1]), head: found[2] ?? '' }
}

/** Follows a chain past the noted end. */
export class EndCheck {
  readonly #end: ChainEnd
  #isMet: boolean

  /** @param start where the chain begins; everything before it has been checked in another way. */
  constructor(end: ChainEnd | null, start: ChainEnd = chainStart) {
    this.#end = end ?? chainStart
    this.#isMet = this.#end.lines < start.lines || isSame(this.#end, start)
  }

  /** Call it after each line. */
  look(chain: Chain): void {
    if (chain.isAt(this.#end)) this.#isMet = true
  }

  get isMet(): boolean {
    return this.#isMet
  }

  get lines(): number {
    return this.#end.lines
  }
}

const isSame = (one: ChainEnd, other: ChainEnd): boolean =>
  one.lines === other.lines && one.head === other.head

/** Notes for ops, and for good, that the worker found lines missing at the end. */
export async function noteLoss(
  files: LedgerFiles,
  { kept, noted }: { kept: number; noted: number },
  day: Date,
): Promise<void> {
  const note = { format: 'tumen-ledger-lost', version: 1, kept, noted }
  await replaceFile(lostPath(files), `${JSON.stringify(note)}\n`)
  await utimes(lostPath(files), day, day)
}

export async function hasLoss(files: LedgerFiles): Promise<boolean> {
  const file = await orNull(openUnseen(lostPath(files)))
  await file?.close()
  return file !== null
}
