import { renameSync, rmSync } from 'node:fs'
import { access, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { maxKeyringBytes } from '../keyring/bounds.ts'
import { readBounded, replaceFile } from '../disk/small-files.ts'
import { keyringFileName } from '../keyring/load.ts'
import { publicKeyFiles } from '../keyring/public-files.ts'
import { type Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { syncDirectory } from '../disk/dir-sync.ts'
import { errnoOf, orNull } from '../disk/errno.ts'
import { repliesFolder } from '../reply-store/layout.ts'
import { DIR_MODE, PREFIXES, RESTORE_DIR } from '../store/layout.ts'
import { readLedger } from '../ledger/read.ts'
import { BackupError } from './errors.ts'
import { findAdded, type ReadBackup } from './read-backup.ts'
import { envelopeAt } from './sums.ts'
import { readPieces, Tree } from './tree.ts'

const exportKeyName = 'export.key'

/** These files may exist before the restore: a new machine may already have a key of its own. */
const ownKeyNames = [exportKeyName, 'export.pub', 'export.card.json']

export interface RestoreOptions {
  backup: ReadBackup
  dataDir: string
  keysDir: string
  /** Whether to restore the good files of a damaged backup. */
  isPartial: boolean
  clock: Clock
  onBytes: (bytes: number) => void
}

export interface RestoreOutcome {
  envelopes: number
  files: number
  /** Defects of the backup, by path. */
  problems: { path: string; why: string }[]
  /** Files of this machine that were kept instead of restored: `keys`, `export.key`. */
  kept: string[]
}

export interface Restore {
  run(): Promise<RestoreOutcome>
  /** Removes everything the restore has written, synchronously. */
  discard(): void
}

/** @throws BackupError `NOT_EMPTY`. */
export async function createRestore(options: RestoreOptions): Promise<Restore> {
  const staging = join(options.dataDir, RESTORE_DIR)
  await requireEmpty(options.dataDir)
  await rm(staging, { recursive: true, force: true })
  const moved: string[] = []
  const discard = (): void => {
    // If something cannot be moved back, the staging folder stays: no process starts while it is
    // there, and it holds the part of the data that is not in place.
    for (let name = moved.at(-1); name !== undefined; name = moved.at(-1)) {
      renameSync(join(options.dataDir, name), join(staging, name))
      moved.pop()
    }
    rmSync(staging, { recursive: true, force: true })
  }
  return {
    async run() {
      try {
        return await restore(options, staging, moved)
      } catch (error) {
        discard()
        throw error
      }
    },
    discard,
  }
}

/**
 * Empty folders do not count: systemd and containers make those of the zones before anything runs.
 */
async function requireEmpty(dataDir: string): Promise<void> {
  const allowed = [RESTORE_DIR, ...ownKeyNames]
  const others: string[] = []
  for (const name of (await orNull(readdir(dataDir))) ?? [])
    if (!allowed.includes(name) && !(await isEmptyFolder(join(dataDir, name)))) others.push(name)
  if (others.length === 0) return
  throw new BackupError(
    'NOT_EMPTY',
    `${dataDir} is not empty (${others.slice(0, 5).join(', ')}): restore into a new TUMEN_DATA_DIR, and never over tips`,
  )
}

async function isEmptyFolder(path: string): Promise<boolean> {
  return await readdir(path).then(
    (names) => names.length === 0,
    () => false,
  )
}

/** @throws BackupError `DAMAGED` with all defects unless `isPartial`; nothing is restored then. */
async function restore(
  options: RestoreOptions,
  staging: string,
  moved: string[],
): Promise<RestoreOutcome> {
  const { backup, dataDir, clock, isPartial } = options
  await makeFolder(dataDir, DIR_MODE)
  const tree = new Tree(staging, midnightOf(clock.now()))
  await tree.create()
  const problems = [...(await copyAll(options, tree)), ...(await checkLedger(tree))]
  for (const path of await findAdded(backup))
    problems.push({ path, why: 'not in SHA256SUMS: it was added later, and is not restored' })
  if (problems.length > 0 && !isPartial) throw damaged(problems)
  await tree.settle()
  // A process that started just before the restore may have written something meanwhile.
  await requireEmpty(dataDir)
  const paths = [...tree.digests.keys()]
  const kept = await moveIntoPlace(options, tree, moved)
  return {
    envelopes: paths.filter((path) => envelopeAt(path) !== null).length,
    files: paths.length,
    problems,
    kept,
  }
}

async function copyAll(
  { backup, clock, onBytes }: RestoreOptions,
  tree: Tree,
): Promise<RestoreOutcome['problems']> {
  const problems: RestoreOutcome['problems'] = []
  for (const [path, digest] of backup.sums) {
    const why = await copyOne(join(backup.folder, path), { path, digest, tree, clock, onBytes })
    if (why !== null) problems.push({ path, why })
  }
  return problems
}

async function copyOne(
  source: string,
  {
    path,
    digest,
    tree,
    clock,
    onBytes,
  }: { path: string; digest: string; tree: Tree; clock: Clock; onBytes: (bytes: number) => void },
): Promise<string | null> {
  let hasReadFailed = false
  async function* counted() {
    try {
      for await (const bytes of readPieces(source)) {
        onBytes(bytes.length)
        yield bytes
      }
    } catch (error) {
      hasReadFailed = true
      throw error
    }
  }
  const found = await orNull(stat(source))
  if (found === null) return 'missing'
  // A day in the future would keep a collected envelope for longer than is allowed.
  const day = midnightOf(new Date(Math.min(found.mtimeMs, clock.now().getTime())))
  try {
    return (await tree.write({ path, day }, counted(), digest)) === digest
      ? null
      : 'changed: its digest is another'
  } catch (error) {
    // Any other error, such as a failing disk here, says nothing about the backup and ends the
    // restore.
    const errno = errnoOf(error) ?? ''
    if (hasReadFailed && ['EIO', 'EACCES', 'ELOOP', 'EINVAL', 'ENOENT'].includes(errno))
      return `cannot be read (${errno})`
    throw error
  }
}

/**
 * Removes a broken ledger from the restored files, because a worker would refuse to start with it.
 * Without a ledger the worker writes a new one from the envelopes.
 */
async function checkLedger(tree: Tree): Promise<RestoreOutcome['problems']> {
  if (!tree.digests.has('ledger.jsonl')) return []
  const { ok, firstBadLine, tornBytes } = await readLedger(join(tree.root, 'ledger.jsonl'))
  if (ok && tornBytes === 0) return []
  await tree.remove('ledger.jsonl')
  return [
    {
      path: 'ledger.jsonl',
      why: `its chain is broken at line ${firstBadLine ?? 'the last'}: it was so when the backup was taken`,
    },
  ]
}

async function moveIntoPlace(
  { dataDir, keysDir, clock }: RestoreOptions,
  tree: Tree,
  moved: string[],
): Promise<string[]> {
  const kept: string[] = []
  if (!(await restoreKeys(keysDir, tree))) kept.push('keys')
  // The spool is moved first and the ledger last. After a power cut in between, the folder is not
  // empty, and the next restore reports that; the staging folder is still there, so that no process
  // starts on a part of the data.
  const names = [...PREFIXES, 'acknowledgements', repliesFolder, 'ledger.jsonl', exportKeyName]
  for (const name of names) {
    if (name === exportKeyName && (await isThere(join(dataDir, name)))) {
      if (tree.digests.has(name)) kept.push(name)
      continue
    }
    if (!(await isThere(join(tree.root, name)))) continue
    await rename(join(tree.root, name), join(dataDir, name))
    moved.push(name)
  }
  const today = midnightOf(clock.now())
  await syncDirectory(dataDir, today)
  await rm(tree.root, { recursive: true, force: true })
  moved.length = 0
  // All data is durable. If the staging folder is back after a power cut, that is reported.
  await syncDirectory(dataDir, today).catch(() => {})
  return kept
}

/**
 * Keeps an existing keyring, because it may be newer. Returns false if it differs from the
 * backup's.
 */
async function restoreKeys(keysDir: string, tree: Tree): Promise<boolean> {
  const names = publicKeyFiles.filter((name) => tree.digests.has(`keys/${name}`))
  const files = await Promise.all(
    names.map(async (name) => ({
      name,
      bytes: await readBounded(join(tree.root, 'keys', name), maxKeyringBytes),
    })),
  )
  if (await isThere(join(keysDir, keyringFileName))) {
    const own = await readBounded(join(keysDir, keyringFileName), maxKeyringBytes)
    const theirs = files.find(({ name }) => name === keyringFileName)?.bytes
    return theirs == null || Buffer.compare(own ?? Buffer.alloc(0), theirs) === 0
  }
  await makeFolder(keysDir, 0o777)
  for (const { name, bytes } of files)
    if (bytes !== null) await replaceFile(join(keysDir, name), bytes, 0o644)
  return true
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

const maxNamed = 20

function damaged(problems: RestoreOutcome['problems']): BackupError {
  const lines = problems.slice(0, maxNamed).map(({ path, why }) => `  ${path}: ${why}`)
  const more = problems.length > maxNamed ? [`  and ${problems.length - maxNamed} more`] : []
  return new BackupError(
    'DAMAGED',
    [
      'this backup is damaged, and nothing was restored. Look for another one, or give --partial to restore what is good:',
      ...lines,
      ...more,
    ].join('\n'),
  )
}
