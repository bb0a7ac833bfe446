import { lchown, stat } from 'node:fs/promises'

/**
 * Root may run a command on a data folder that is the services' user's: what it leaves there
 * becomes that user's too, or the worker could neither write nor remove it. Nothing for anybody
 * else, who cannot write to a folder of another.
 */
export async function giveToOwnerOf(dataDir: string, ...paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await stat(dataDir)
  for (const path of paths) await lchown(path, uid, gid)
}
