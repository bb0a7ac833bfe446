import { spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { LockError } from './errors.ts'

export interface FolderLock {
  /** Safe to call twice. */
  release(): void
}

/** Usual paths of util-linux. The PATH of this process is not used. */
const searchPath = '/usr/local/bin:/usr/bin:/bin'

/** In the child, the first descriptor after stdin, stdout and stderr. */
const inheritedFd = 3

/** The exit status of flock(1) when the lock is taken. */
const conflictStatus = 1

/**
 * Locks a folder for one process at a time with flock(2) on the folder itself.
 *
 * The lock belongs to the folder's inode. It therefore holds for every process that can reach the
 * folder by any path, in any network or PID namespace, in any container that shares the volume, and
 * for any user. No lock file exists that could be left behind, copied or deleted.
 *
 * Node has no flock in its API, so flock(1) takes the lock on a descriptor that it inherits from
 * this process. Such a lock belongs to the open file description, which this process keeps open
 * after flock(1) has ended. The kernel drops it when this process ends in any way, kill -9
 * included.
 *
 * @throws LockError `LOCKED` when another process still holds it after `waitMs`, `UNLOCKABLE` when
 * the folder cannot be opened or flock(1) is missing.
 */
export async function lockFolder(path: string, waitMs = 0): Promise<FolderLock> {
  let fd: number | null = openFolder(path)
  const release = (): void => {
    if (fd !== null) closeSync(fd)
    fd = null
  }
  try {
    await runFlock(fd, path, waitMs)
    return { release }
  } catch (error) {
    release()
    throw error
  }
}

/** Whether another process holds the lock of this folder now. A missing folder is not locked. */
export async function isFolderLocked(path: string): Promise<boolean> {
  try {
    const lock = await lockFolder(path)
    lock.release()
    return false
  } catch (error) {
    if (error instanceof LockError && error.code === 'LOCKED') return true
    const cause = error instanceof Error ? error.cause : null
    if ((cause as NodeJS.ErrnoException | null)?.code === 'ENOENT') return false
    throw error
  }
}

function openFolder(path: string): number {
  try {
    // Node opens files with O_CLOEXEC, so no other child process inherits the lock.
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new LockError('UNLOCKABLE', `the folder cannot be locked (${reason})`, cause)
  }
}

function runFlock(fd: number, path: string, waitMs: number): Promise<void> {
  const patience = waitMs > 0 ? ['--timeout', String(waitMs / 1000)] : ['--nonblock']
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['--exclusive', ...patience, String(inheritedFd)], {
      env: { PATH: searchPath },
      stdio: ['ignore', 'ignore', 'ignore', fd],
    })
    child.once('error', (cause) =>
      reject(
        new LockError(
          'UNLOCKABLE',
          'flock(1) cannot be started: install util-linux, which every Debian has',
          cause,
        ),
      ),
    )
    child.once('exit', (status) => {
      if (status === 0) resolve()
      else if (status === conflictStatus)
        reject(new LockError('LOCKED', `another process has locked ${path}`))
      else reject(new LockError('UNLOCKABLE', 'the file system of this folder has no locks'))
    })
  })
}
