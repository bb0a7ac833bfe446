import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real ext4 file system whose power can be cut. */
export interface CutDisk {
  /** The mount point. */
  readonly dir: string
  /** Stops all writes to the disk. Changes that were not synced are lost. */
  cutPower(): void
  /** Mounts the disk again as after a power cut: ext4 replays its journal. */
  restorePower(): void
  dispose(): void
}

/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: not even the journal is written. */
const shutdown = `import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))`

/** @throws with the reason when this machine or this user cannot make such a disk */
export function makeCutDisk(): CutDisk {
  const folder = mkdtempSync(join(tmpdir(), 'tumen-ext4-'))
  const [image, dir] = [join(folder, 'image'), join(folder, 'disk')]
  mkdirSync(dir)
  const mount = (): void => run('mount', '-o', 'loop', image, dir)
  const dispose = (): void => {
    spawnSync('umount', ['-l', dir])
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    run('truncate', '-s', '64M', image)
    run('mkfs.ext4', '-q', '-F', image)
    mount()
    run('python3', '-c', 'import fcntl')
  } catch (error) {
    dispose()
    throw error
  }
  return {
    dir,
    cutPower: () => run('python3', '-c', shutdown, dir),
    restorePower() {
      run('umount', dir)
      mount()
    },
    dispose,
  }
}

/** Why no such disk can be made and cut here; null if it can. */
export function whyNoCutDisk(): string | null {
  try {
    const disk = makeCutDisk()
    try {
      disk.cutPower()
      return null
    } finally {
      disk.dispose()
    }
  } catch (error) {
    return (error as Error).message
  }
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args)
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.toString().trim()}`)
}
