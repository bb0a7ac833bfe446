import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import type { Day } from '../time/day.ts'
import { syncDirectory } from '../disk/dir-sync.ts'
import type { SigningKey } from '../keyring/minisign.ts'
import { signMinisign } from '../keyring/minisign.ts'
import type { BlobStore, Prefix, Receipt } from '../store/blob-store.ts'
import { StoreError } from '../store/errors.ts'
import { CarryError } from './errors.ts'
import {
  envelopeNameIn,
  folderOf,
  formatSums,
  layoutFor,
  sumsFileName,
  sumsSignatureFileName,
} from './sums.ts'

export interface ExportOptions {
  store: Pick<BlobStore, 'read'>
  envelopes: readonly { prefix: Prefix; receipt: Receipt }[]
  folder: string
  signingKey: SigningKey
  keyringFingerprint: string
  day: Day
  onBytes?: (bytes: number) => void
}

export interface ExportOutcome {
  exported: Receipt[]
  /**
   * Their bytes can no longer be read, or have another digest than they are named by: left where
   * they are.
   */
  damaged: Receipt[]
  /** Collected and deleted while the export ran. */
  gone: Receipt[]
}

/**
 * A folder being filled. Until its sums are signed it is no export, and `discard` takes it all
 * back.
 */
export interface ExportFolder {
  write: (options: ExportOptions) => Promise<ExportOutcome>
  /** At once, without waiting for anything: a signal handler has no later. */
  discard(): void
}

/** @throws CarryError `FOLDER_NOT_EMPTY`. */
export async function createExportFolder(folder: string): Promise<ExportFolder> {
  const made = await makeFolder(folder, 0o777)
  if ((await readdir(folder)).length > 0) {
    throw new CarryError('FOLDER_NOT_EMPTY', `${folder} is not empty: name a new folder`)
  }
  const written: string[] = []
  return {
    write: (options) => writeExport(options, written),
    discard() {
      takeBack(folder, written)
      if (made !== undefined) removeEmptyFolders(folder, made)
    },
  }
}

/**
 * Removes what was written, and nothing that somebody else has put there. A copy in another thread
 * may be about to make one more file: where all is ours, it finds no folder under the old name.
 */
function takeBack(folder: string, written: readonly string[]): void {
  const aside = join(dirname(folder), `.${basename(folder)}.stopped-${process.pid}`)
  try {
    const isOurs = readdirSync(folder).every((name) => written.includes(join(folder, name)))
    if (!isOurs) throw new CarryError('FOLDER_NOT_EMPTY', 'somebody else writes there')
    renameSync(folder, aside)
  } catch {
    // The top of a stick cannot be renamed either. Files first: folders were made before them.
    for (const path of written.toReversed()) remove(path)
    return
  }
  remove(aside)
  mkdirSync(folder)
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 10 })
}

/** From `folder` up to `top`, as far as nobody has put anything into them. */
function removeEmptyFolders(folder: string, top: string): void {
  try {
    for (let path = folder; path.startsWith(top); path = dirname(path)) rmdirSync(path)
  } catch {
    // Best effort: an empty folder is harmless, and must not mask the error that ended the export.
  }
}

/** Copies in flight at once: the stick's fsyncs overlap. */
const concurrency = 16

async function writeExport(options: ExportOptions, written: string[]): Promise<ExportOutcome> {
  const { folder, envelopes } = options
  const outcome: ExportOutcome = { exported: [], damaged: [], gone: [] }
  const layout = layoutFor(envelopes.length)
  const folders = new Set(envelopes.map(({ receipt }) => folderOf(receipt, layout)))
  folders.delete('')
  for (const name of folders) {
    await makeFolder(join(folder, name), 0o777)
    written.push(join(folder, name))
  }
  const results = new Map<Receipt, keyof ExportOutcome>()
  const waiting = envelopes.values()
  const work = async (): Promise<void> => {
    for (const { prefix, receipt } of waiting) {
      const path = join(folder, envelopeNameIn(receipt, layout))
      results.set(receipt, await copyEnvelope(options, { prefix, receipt, path }, written))
    }
  }
  await settleAll(Array.from({ length: concurrency }, work))
  for (const { receipt } of envelopes) outcome[results.get(receipt) ?? 'gone'].push(receipt)
  for (const name of folders) await syncDirectory(join(folder, name))
  const sums = formatSums(outcome.exported, layout)
  const trustedComment = `tumen export of ${outcome.exported.length} envelopes, ${options.day}, keyring ${options.keyringFingerprint}`
  const signature = signMinisign({ secretKey: options.signingKey, message: sums, trustedComment })
  await writeDurably(join(options.folder, sumsFileName), written, [sums])
  await syncDirectory(options.folder)
  // Last of all: only a signed folder is an export.
  await writeDurably(join(options.folder, sumsSignatureFileName), written, [
    new TextEncoder().encode(signature),
  ])
  await syncDirectory(options.folder)
  return outcome
}

async function copyEnvelope(
  { store, onBytes }: ExportOptions,
  { prefix, receipt, path }: { prefix: Prefix; receipt: Receipt; path: string },
  written: string[],
): Promise<keyof ExportOutcome> {
  const hash = createHash('sha256')
  async function* hashed() {
    for await (const bytes of store.read(prefix, receipt)) {
      hash.update(bytes)
      onBytes?.(bytes.length)
      yield bytes
    }
  }
  try {
    await writeDurably(path, written, hashed())
  } catch (error) {
    // The vault's side alone: what the stick throws ends the export.
    if (!(error instanceof StoreError)) throw error
    if (error.code === 'NOT_FOUND') return 'gone'
    if (error.code === 'IO_FAILED') return 'damaged'
    throw error
  }
  if (hash.digest('hex') === receipt) return 'exported'
  await rm(path)
  return 'damaged'
}

/** The name appears only with the whole file behind it: a pulled stick leaves no half envelope. */
async function writeDurably(
  path: string,
  written: string[],
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const partial = `${path}.partial`
  written.push(partial)
  const file = await open(partial, 'wx', 0o600)
  try {
    for await (const bytes of content) await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  } finally {
    await file.close()
  }
  written.push(path)
  await rename(partial, path)
}

/** Like `Promise.all`, but nothing is still running when it rejects. */
async function settleAll(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
