import { createHash, randomBytes } from 'node:crypto'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StatementSync } from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'
import { readPieces } from '../../age/read-file.ts'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { CasebookError } from '../files/errors.ts'
import { layoutOf } from '../files/layout.ts'
import { nameKeys } from '../people/name-keys.ts'
import type { CaseView } from '../files/case-view.ts'
import { rowsOf } from './index-rows.ts'
import { indexSchema, indexVersion } from './index-schema.ts'

const temporaryName = /^\.index-[0-9a-f]{12}\.tmp(?:-journal)?$/u

/** Primary result codes of SQLite: READONLY, IOERR, CORRUPT, FULL and CANTOPEN. */
const diskFailures: ReadonlySet<number> = new Set([8, 10, 11, 13, 14])

/**
 * Builds index.sqlite under a temporary name, checks it, makes it durable, and then replaces the
 * old one. Programs that are reading the old index can continue to do so. `refreshCasebook` ensures
 * that only one build runs at a time.
 * @returns its SHA-256, for `tumen verify`.
 * @throws CasebookError `INDEX_INVALID`; errors of the disk.
 */
export async function buildIndex(casebook: string, views: Iterable<CaseView>): Promise<string> {
  await removeLeftovers(casebook)
  let sha256: string
  const temporary = join(casebook, `.index-${randomBytes(6).toString('hex')}.tmp`)
  try {
    await (await open(temporary, 'wx', 0o600)).close()
    writeIndex(temporary, views)
    sha256 = await syncFile(temporary)
    await rename(temporary, layoutOf(casebook).index)
  } finally {
    await rm(temporary, { force: true })
  }
  await syncDirectory(casebook)
  return sha256
}

function writeIndex(path: string, views: Iterable<CaseView>): void {
  try {
    using db = new DatabaseSync(path)
    fillIndex(db, views)
    checkIndex(db)
    db.close()
  } catch (error) {
    const { message, errcode = 0 } = error as Error & { errcode?: number }
    if (!diskFailures.has(errcode & 0xff)) throw error
    throw new CasebookError(
      'INDEX_INVALID',
      `index.sqlite cannot be written (${message}): look at the disk and its free space, and run the same command again`,
      error,
    )
  }
}

/** Writes the schema and all rows into an empty database. */
function fillIndex(db: DatabaseSync, views: Iterable<CaseView>): void {
  // A half-written index is discarded as a whole, so it needs no journal and no waiting for the
  // disk.
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF')
  db.exec(`BEGIN; ${indexSchema}; PRAGMA user_version = ${indexVersion}`)
  const inserts = new Map<string, StatementSync>()
  for (const view of views) {
    for (const [table, row] of rowsOf(view, nameKeys)) {
      const insert =
        inserts.get(table) ??
        db.prepare(`INSERT INTO ${table} VALUES (${row.map(() => '?').join(', ')})`)
      inserts.set(table, insert)
      insert.run(...row)
    }
  }
  db.exec('COMMIT')
}

function checkIndex(db: DatabaseSync): void {
  const found = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']
  const loose = db.prepare('PRAGMA foreign_key_check').get()
  if (found === 'ok' && loose === undefined) return
  throw new CasebookError(
    'INDEX_INVALID',
    'index.sqlite came out damaged: look at the disk and its free space, and run the same command again',
  )
}

/** @returns the SHA-256 of the file, in hex. */
async function syncFile(path: string): Promise<string> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
    const hash = createHash('sha256')
    for await (const piece of readPieces(file)) hash.update(piece)
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

/** Deletes half-made indexes of a run that was killed. */
async function removeLeftovers(casebook: string): Promise<void> {
  for (const name of await readdir(casebook))
    if (temporaryName.test(name)) await rm(join(casebook, name), { force: true })
}
