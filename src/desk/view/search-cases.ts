import { access } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { CasebookError } from '../files/errors.ts'
import { layoutOf } from '../files/layout.ts'
import { keysOfQuery } from '../people/find-name.ts'
import { indexVersion } from './index-schema.ts'
import { foldForSearch } from './search-text.ts'

const columns = ['title', 'names', 'places', 'narrative', 'notes'] as const
const minTrigram = 3
const maxWords = 20
const maxWordCharacters = 100

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

/**
 * Receipts of the cases that contain every word of the query, also as part of a longer word, in
 * names, places, title, narrative or notes; and of cases with a person whose name matches in
 * another spelling. The most urgent come first. No part of the query is treated as search syntax.
 * @param index an open index, or one in memory that `fillIndex` filled
 */
export function searchCases(index: DatabaseSync, query: string): string[] {
  const words = splitQuery(query)
  if (words.length === 0) return []
  const { condition, parameters } = matchWords(words)
  const keys = keysOfQuery(query)
  return index
    .prepare(`SELECT receipt FROM cases
      WHERE receipt IN (SELECT receipt FROM search WHERE ${condition})
      OR receipt IN (
        SELECT persons.receipt FROM name_keys JOIN persons ON persons.key = person_key WHERE name_keys.key IN (${keys.map(() => '?').join(', ')})
      )
      ORDER BY tier, due_at, receipt`)
    .all(...parameters, ...keys)
    .map((row) => String(row['receipt']))
}

function splitQuery(query: string): string[] {
  const words = foldForSearch(query)
    .split(/\s+/u)
    .filter((word) => word !== '')
  return words.slice(0, maxWords).map((word) => [...word].slice(0, maxWordCharacters).join(''))
}

/**
 * The trigram index finds words of three or more letters; shorter words are searched row by row.
 */
function matchWords(words: readonly string[]): { condition: string; parameters: string[] } {
  const long = words.filter((word) => [...word].length >= minTrigram)
  const short = words.filter((word) => [...word].length < minTrigram)
  const match = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ')
  const likes = short.flatMap((word) => columns.map(() => `%${word.replace(/[\\%_]/gu, '\\$&')}%`))
  const conditions = [
    ...(long.length === 0 ? [] : ['search MATCH ?']),
    ...short.map(() => `(${columns.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`),
  ]
  return {
    condition: conditions.join(' AND '),
    parameters: [...(long.length === 0 ? [] : [match]), ...likes],
  }
}
