import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const mayNotMount =
  'this user may not mount a tmpfs (run as root, or in a container with CAP_SYS_ADMIN)'

export interface SmallDisk {
  dir: string
  unmount(): Promise<void>
}

/**
 * Mounts a disk in memory, of its own, that can be filled.
 * @param options of tmpfs(5), such as `size=12m`
 * @returns null, after printing that `what` is skipped, if this user may not mount one
 */
export async function mountSmallDisk(options: string, what: string): Promise<SmallDisk | null> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-disk-'))
  if (mountDiskOn(dir, options))
    return {
      dir,
      async unmount() {
        unmountDisk(dir)
        await rm(dir, { recursive: true, force: true })
      },
    }
  await rm(dir, { recursive: true })
  console.warn(`skipped: ${what}: ${mayNotMount}`)
  return null
}

/** Mounts such a disk on an existing folder. @returns false if this user may not mount one */
export function mountDiskOn(dir: string, options: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]).status === 0
}

/** Also unmounts a disk that is still in use. */
export function unmountDisk(dir: string): void {
  spawnSync('umount', ['-l', dir])
}

/** Appends smaller and smaller pieces, down to single bytes, until no space is left. */
export async function fillUp(path: string): Promise<void> {
  for (const pieceBytes of [65_536, 4096, 1]) {
    const piece = Buffer.alloc(pieceBytes)
    const append = () =>
      writeFile(path, piece, { flag: 'a' }).then(
        () => true,
        () => false,
      )
    while (await append());
  }
}
