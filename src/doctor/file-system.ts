import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../disk/dir-sync.ts'
import { errnoOf, isOutOfRoom } from '../disk/errno.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'file system'

/**
 * Tests the operations that a receipt depends on: fsync of a file and of a folder, and a hard link.
 */
export async function checkFileSystem(dataDir: string): Promise<Finding> {
  const folder = join(dataDir, 'tmp', `doctor-${randomUUID().slice(0, 8)}`)
  try {
    // Created without parents: a check must not create a missing data folder.
    await mkdir(join(dataDir, 'tmp'), { mode: 0o700 }).catch(unlessThere)
    await mkdir(folder, { mode: 0o700 })
    const isPrivate = await tryLink(folder)
    if (!isPrivate)
      return wrong(
        check,
        'it does not keep the rights of files',
        'put TUMEN_DATA_DIR on a file system that knows owners, such as ext4 or xfs',
      )
    return well(check, 'fsync, hard links and rights work')
  } catch (error) {
    if (isOutOfRoom(error))
      return doubtful(
        check,
        `it could not be tried, because nothing can be written (${errnoOf(error)})`,
        'make room on the disk or mount it for writing, and run this again',
      )
    const wayOut =
      'put TUMEN_DATA_DIR on a local file system with hard links, such as ext4 or xfs, that this user may write to'
    return wrong(
      check,
      `it cannot do what a receipt rests on (${errnoOf(error) ?? 'unknown'})`,
      wayOut,
    )
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

function unlessThere(error: unknown): void {
  if (errnoOf(error) !== 'EEXIST') throw error
}

async function tryLink(folder: string): Promise<boolean> {
  const file = await open(join(folder, 'one'), 'wx', 0o600)
  try {
    await file.writeFile('x')
    await file.sync()
  } finally {
    await file.close()
  }
  await link(join(folder, 'one'), join(folder, 'two'))
  await syncDirectory(folder)
  const { nlink, mode } = await stat(join(folder, 'two'))
  if (nlink !== 2) throw Object.assign(new Error('no hard link'), { code: 'ENOTSUP' })
  return (mode & 0o077) === 0
}
