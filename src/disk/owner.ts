import { lchown, stat } from 'node:fs/promises'

/**
 * Gives new files to the owner of the data folder when root runs a command on it; otherwise the
 * worker could neither write nor remove them. For any other user it does nothing, because they
 * cannot write to somebody else's folder.
 */
export async function giveToOwnerOf(dataDir: string, ...paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await stat(dataDir)
  for (const path of paths) await lchown(path, uid, gid)
}
