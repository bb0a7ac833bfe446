import { access } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { CasebookError } from '../files/errors.ts'
import { layoutOf } from '../files/layout.ts'
import { indexVersion } from './index-schema.ts'

/**
 * Opens index.sqlite read-only; the caller must close it.
 * @throws CasebookError `INDEX_INVALID` when the index does not exist or has another version.
 */
export async function openIndex(casebook: string): Promise<DatabaseSync> {
  const path = layoutOf(casebook).index
  const again = 'make it with "tumen case refresh"'
  await access(path).catch((cause: unknown) => {
    throw new CasebookError('INDEX_INVALID', `there is no index.sqlite: ${again}`, cause)
  })
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const version = db.prepare('PRAGMA user_version').get()?.['user_version']
    if (version !== indexVersion)
      throw new CasebookError('INDEX_INVALID', `index.sqlite is of another version: ${again}`)
    return db
  } catch (error) {
    db.close()
    throw error instanceof CasebookError
      ? error
      : new CasebookError('INDEX_INVALID', `index.sqlite cannot be read: ${again}`, error)
  }
}
