import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { layoutOf } from '../files/layout.ts'
import { digestOfLine } from './chain.ts'
import { checkChain } from './check-chain.ts'

const temporary = /^\.((?:book|[0-9a-f]{32})\.json)\.[0-9a-f]{12}\.tmp$/u

/**
 * Cleans up `replies/` after a program that was killed. A record that is already in the custody log
 * gets its final name; any other half-made file is deleted, and a drop without a record: what it
 * holds is sent again. Call it only under the casebook's lock.
 */
export async function finishReplies(casebook: string): Promise<void> {
  const { replies } = layoutOf(casebook)
  const names = await readdir(replies).catch(() => [])
  const hidden = names.filter((name) => name.startsWith('.') && name.endsWith('.tmp'))
  if (hidden.length > 0) await finishRecords(casebook, hidden)
  const present = new Set(hidden.length > 0 ? await readdir(replies) : names)
  for (const name of present)
    if (name.endsWith('.tar') && !present.has(name.replace(/\.tar$/u, '.json')))
      await rm(join(replies, name), { force: true })
}

async function finishRecords(casebook: string, names: readonly string[]): Promise<void> {
  const { replies } = layoutOf(casebook)
  const { lines } = await checkChain(casebook)
  const logged = new Map(
    lines
      .filter(({ action }) => action === 'replies_changed' || action === 'drop_written')
      .map(({ item, sha256 }) => [item, sha256]),
  )
  for (const found of names) {
    const path = join(replies, found)
    const name = temporary.exec(found)?.[1]
    const isLogged =
      name !== undefined && digestOfLine(await readFile(path)) === logged.get(`replies/${name}`)
    if (isLogged) await rename(path, join(replies, name))
    else await rm(path, { force: true })
  }
  await syncDirectory(replies)
}
