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
import { count } from '../text/count.ts'

export interface ExportOptions {
  store: Pick<BlobStore, 'read'>
  envelopes: readonly { prefix: Prefix; receipt: Receipt }[]
  folder: string
  signingKey: SigningKey
  keyringFingerprint: string
  day: Day
  /**
   * The indexes of answers that are served here, from which the desk learns what was published.
   */
  indexes?: readonly CarriedIndex[]
  onBytes?: (bytes: number) => void
}

export interface CarriedIndex {
  name: string
  bytes: Uint8Array
  signature: Uint8Array
}

/** The folder of the indexes on the stick. */
const repliesFolder = 'replies'

export interface ExportOutcome {
  exported: Receipt[]
  /**
   * Envelopes that cannot be read, or whose digest differs from their name; they stay in the vault.
   */
  damaged: Receipt[]
  /** Envelopes that were collected and deleted while the export ran. */
  gone: Receipt[]
}

/**
 * A folder that is being filled. It counts as an export only once its sums are signed; until then
 * `discard` removes everything.
 */
export interface ExportFolder {
  write: (options: ExportOptions) => Promise<ExportOutcome>
  /** Synchronous, because a signal handler cannot wait. */
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
 * Removes what was written, and nothing else. A copy in another thread may be about to create one
 * more file, so a folder that contains only our files is renamed first, and that copy then fails to
 * find it.
 */
function takeBack(folder: string, written: readonly string[]): void {
  const aside = join(dirname(folder), `.${basename(folder)}.stopped-${process.pid}`)
  try {
    const isOurs = readdirSync(folder).every((name) => written.includes(join(folder, name)))
    if (!isOurs) throw new CarryError('FOLDER_NOT_EMPTY', 'somebody else writes there')
    renameSync(folder, aside)
  } catch {
    // The root folder of a stick cannot be renamed either. Files are removed first, because folders
    // were made before them.
    for (const path of written.toReversed()) remove(path)
    return
  }
  remove(aside)
  mkdirSync(folder)
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 10 })
}

/** Removes the empty folders from `folder` up to `top`. */
function removeEmptyFolders(folder: string, top: string): void {
  try {
    for (let path = folder; path.startsWith(top); path = dirname(path)) rmdirSync(path)
  } catch {
    // Best effort: an empty folder is harmless, and must not mask the error that ended the export.
  }
}

/** Copies in progress at the same time, so that the stick's fsyncs overlap. */
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
  await copyIndexes(options, written)
  const sums = formatSums(outcome.exported, layout)
  const trustedComment = `tumen export of ${count(outcome.exported.length, 'envelope')}, ${options.day}, keyring ${options.keyringFingerprint}`
  const signature = signMinisign({ secretKey: options.signingKey, message: sums, trustedComment })
  await writeDurably(join(options.folder, sumsFileName), written, [sums])
  await syncDirectory(options.folder)
  // The signature is written last: only a signed folder counts as an export.
  await writeDurably(join(options.folder, sumsSignatureFileName), written, [
    new TextEncoder().encode(signature),
  ])
  await syncDirectory(options.folder)
  return outcome
}

/** Each index has its own signature, so the sums do not name them. */
async function copyIndexes(
  { folder, indexes = [] }: ExportOptions,
  written: string[],
): Promise<void> {
  if (indexes.length === 0) return
  const target = join(folder, repliesFolder)
  await makeFolder(target, 0o777)
  written.push(target)
  for (const { name, bytes, signature } of indexes) {
    await writeDurably(join(target, name), written, [bytes])
    await writeDurably(join(target, `${name}.minisig`), written, [signature])
  }
  await syncDirectory(target)
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
    // Only errors of the vault are handled here; an error of the stick ends the export.
    if (!(error instanceof StoreError)) throw error
    if (error.code === 'NOT_FOUND') return 'gone'
    if (error.code === 'IO_FAILED') return 'damaged'
    throw error
  }
  if (hash.digest('hex') === receipt) return 'exported'
  await rm(path)
  return 'damaged'
}

/**
 * The name appears only once the whole file is durable, so that pulling the stick leaves no partial
 * envelope.
 */
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
