import { randomBytes } from 'node:crypto'
import { chmod, rename, rm, writeFile } from 'node:fs/promises'

/** tor and ops run as two users of one group. */
const groupMode = 0o640

/**
 * Writes a small file atomically and readable by the group, whatever the umask.
 *
 * @throws errors of the file system.
 */
export async function writeForGroup(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(fresh, text)
    await chmod(fresh, groupMode)
    await rename(fresh, path)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}
