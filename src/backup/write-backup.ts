import { rmSync } from 'node:fs'
import { readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { publicKeyFiles } from '../keyring/public-files.ts'
import type { SigningKey } from '../keyring/minisign.ts'
import { signMinisign } from '../keyring/minisign.ts'
import type { BlobStore, Receipt } from '../store/blob-store.ts'
import { type Clock } from '../time/clock.ts'
import { midnightOf, dayOfInstant } from '../time/day.ts'
import { syncDirectory } from '../disk/dir-sync.ts'
import { errnoOf, orNull } from '../disk/errno.ts'
import { DIR_MODE } from '../store/layout.ts'
import { reasonFileName } from '../store/reasons.ts'
import { TmpFolder } from '../store/tmp-folder.ts'
import { type Claims, readClaims } from './claims.ts'
import { EnvelopeCopier, type EnvelopeOutcome } from './envelopes.ts'
import { copyLines, ledgerPaths } from '../ledger/read.ts'
import { BackupError } from './errors.ts'
import { listGenerations, nameGeneration } from './generations.ts'
import { formatSums, sumsFileName, sumsSignatureFileName } from './sums.ts'
import { copyReplies } from './replies.ts'
import { readPieces, Tree } from './tree.ts'
import { count } from '../text/count.ts'

const acknowledgementName = /^[0-9a-f]{64}\.json(\.minisig)?$/

export interface BackupOptions {
  dataDir: string
  keysDir: string
  store: Pick<BlobStore, 'list' | 'read'>
  /** Folder that contains one folder for each backup. */
  root: string
  /** Key that signs the list of sums; null for an unsigned backup. */
  signingKey: SigningKey | null
  withExportKey: boolean
  clock: Clock
  onBytes: (bytes: number) => void
}

export interface BackupOutcome extends EnvelopeOutcome {
  /** Name of the backup under `root`. */
  name: string
  /** Envelopes that should be in the vault according to the ledger, but were found nowhere. */
  missing: Receipt[]
  /** Envelopes that are missing in the vault and were taken from the previous backup. */
  rescued: Receipt[]
  isLedgerWhole: boolean
  isSigned: boolean
  hasExportKey: boolean
}

/**
 * A backup that is being written. It counts as a backup only once it has its final name; until then
 * `discard` removes everything.
 */
export interface Backup {
  write: () => Promise<BackupOutcome>
  /** Synchronous, because a signal handler cannot wait. */
  discard(): void
}

/** @throws BackupError `NOT_PRIVATE`. */
export async function createBackup(options: BackupOptions): Promise<Backup> {
  const { root, clock } = options
  await makeFolder(root, DIR_MODE)
  const today = midnightOf(clock.now())
  const partial = new TmpFolder(join(root, '.partial'), `backup-${process.pid}`, () => today)
  await partial.clean()
  await partial.ready()
  try {
    await requirePrivate(partial.path)
  } catch (error) {
    await removePartial(root, partial.path, today)
    throw error
  }
  return {
    write: () =>
      writeBackup(options, partial.path).finally(() => removePartial(root, partial.path, today)),
    discard: () => rmSync(partial.path, { recursive: true, force: true }),
  }
}

async function requirePrivate(folder: string): Promise<void> {
  if (((await stat(folder)).mode & 0o077) === 0) return
  throw new BackupError(
    'NOT_PRIVATE',
    'this file system shows its files to every user: use one that knows owners (ext4), or mount it with umask=077',
  )
}

async function removePartial(root: string, folder: string, today: Date): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await rmdir(join(root, '.partial')).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'ENOENT') throw error
  })
  await syncDirectory(root, today)
}

/**
 * The acknowledgements are copied first, then the ledger, then the envelopes. A copied
 * acknowledgement may be applied twice, which changes nothing, and every copied line belongs to an
 * envelope that exists. In the other order the ledger would claim envelopes that arrived after the
 * envelopes were copied.
 */
async function writeBackup(options: BackupOptions, partial: string): Promise<BackupOutcome> {
  const { clock, root } = options
  const today = midnightOf(clock.now())
  const generations = await listGenerations(root)
  const newest = generations.at(-1)
  const tree = new Tree(join(partial, 'tree'), today)
  await tree.create()
  await copyAcknowledgements(tree, options)
  await copyReplies(tree, options)
  const claims = await copyLedger(tree, options)
  const copier = new EnvelopeCopier({
    ...options,
    tree,
    earlier: newest === undefined ? null : join(root, newest),
  })
  await copier.run()
  await copyReasons(tree, options, copier)
  const absent = await findAbsent(options, claims, copier, today)
  const keys = await copyKeys(tree, options)
  const isSigned = await writeSums(tree, options, today)
  await tree.settle()
  const name = nameGeneration(dayOfInstant(today), generations)
  // This fails if another backup took the name meanwhile, because a folder with files is never
  // replaced.
  await rename(tree.root, join(root, name))
  return {
    name,
    ...copier.outcome(),
    ...absent,
    isLedgerWhole: claims.reading.ok,
    isSigned,
    ...keys,
  }
}

async function copyAcknowledgements(tree: Tree, { dataDir, clock }: BackupOptions): Promise<void> {
  const folder = join(dataDir, 'acknowledgements')
  const names = ((await orNull(readdir(folder))) ?? []).filter((name) =>
    acknowledgementName.test(name),
  )
  for (const name of names.sort()) {
    // The file may have been applied and removed meanwhile; the envelopes' folders then show its
    // effect.
    await orNull(
      tree.write(
        { path: `acknowledgements/${name}`, day: midnightOf(clock.now()) },
        readPieces(join(folder, name)),
      ),
    )
  }
}

/**
 * Joins all segments into one `ledger.jsonl`, with whole lines only, because the ledger may be
 * growing. The worker that opens it splits it into segments again. A broken ledger is copied
 * unchanged, as evidence.
 */
async function copyLedger(tree: Tree, { dataDir, clock }: BackupOptions): Promise<Claims> {
  const path = join(dataDir, 'ledger.jsonl')
  const claims = await readClaims(path)
  const found = await orNull(stat(path))
  if (found === null) return claims
  const { ok, lines } = claims.reading
  const day = midnightOf(new Date(Math.min(found.mtimeMs, clock.now().getTime())))
  await tree.write(
    { path: 'ledger.jsonl', day },
    ok ? copyLines(path, lines) : readAll(await ledgerPaths(path)),
  )
  return claims
}

async function* readAll(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) if ((await orNull(stat(path))) !== null) yield* readPieces(path)
}

async function copyReasons(
  tree: Tree,
  { dataDir, clock }: BackupOptions,
  copier: EnvelopeCopier,
): Promise<void> {
  for (const path of Array.from(tree.digests.keys())) {
    const receipt = /^quarantine\/([0-9a-f]{64})\.age$/.exec(path)?.[1]
    if (receipt === undefined || !copier.isDead(receipt)) continue
    const name = `quarantine/${reasonFileName(receipt)}`
    await orNull(
      tree.write({ path: name, day: midnightOf(clock.now()) }, readPieces(join(dataDir, name))),
    )
  }
}

/**
 * Finds the envelopes that the ledger claims but that were not found. An envelope that was deleted
 * while the backup ran is not missing.
 */
async function findAbsent(
  { dataDir }: BackupOptions,
  claims: Claims,
  copier: EnvelopeCopier,
  today: Date,
): Promise<{ missing: Receipt[]; rescued: Receipt[] }> {
  const damaged = new Set(copier.outcome().damaged)
  const absent = [...claims.stages].filter(
    ([receipt, stage]) => stage !== 'deleted' && !copier.has(receipt) && !damaged.has(receipt),
  )
  const lost = copier.lost()
  if (absent.length + lost.length === 0) return { missing: [], rescued: [] }
  const now = await readClaims(join(dataDir, 'ledger.jsonl'))
  const outcome = { missing: [] as Receipt[], rescued: [] as Receipt[] }
  for (const [receipt, stage] of absent) {
    if (now.stages.get(receipt) === 'deleted') continue
    const isRescued = await copier.rescue(
      receipt,
      stage === 'collected' ? 'collected' : 'sealed',
      today,
    )
    outcome[isRescued ? 'rescued' : 'missing'].push(receipt)
  }
  for (const receipt of lost) {
    const isExplained =
      now.stages.get(receipt) === 'deleted' ||
      now.discarded.has(receipt) ||
      claims.stages.has(receipt)
    if (!isExplained) outcome.missing.push(receipt)
  }
  return outcome
}

async function copyKeys(tree: Tree, options: BackupOptions): Promise<{ hasExportKey: boolean }> {
  const { keysDir, dataDir, withExportKey, clock } = options
  const day = midnightOf(clock.now())
  for (const name of publicKeyFiles) {
    await orNull(tree.write({ path: `keys/${name}`, day }, readPieces(join(keysDir, name))))
  }
  if (!withExportKey) return { hasExportKey: false }
  const written = await orNull(
    tree.write({ path: 'export.key', day }, readPieces(join(dataDir, 'export.key'))),
  )
  return { hasExportKey: written !== null }
}

async function writeSums(tree: Tree, { signingKey }: BackupOptions, day: Date): Promise<boolean> {
  const files = count(tree.digests.size, 'file')
  const bytes = formatSums(tree.digests)
  await tree.write({ path: sumsFileName, day }, once(bytes))
  if (signingKey === null) return false
  const trustedComment = `tumen backup of ${files}, ${dayOfInstant(day)}`
  const signature = signMinisign({ secretKey: signingKey, message: bytes, trustedComment })
  await tree.write({ path: sumsSignatureFileName, day }, once(new TextEncoder().encode(signature)))
  return true
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
