import { statSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { errnoOf, orNull } from '../disk/errno.ts'
import { LockError } from '../disk/errors.ts'
import { type FolderLock, lockFolder } from '../disk/folder-lock.ts'
import { StoreError } from './errors.ts'
import { DIR_MODE } from './layout.ts'

/** A cleaner holds the lock of a folder only while it removes what is left in it. */
const CLEANING_MS = 10_000

/** Each round needs another process that removes the new folder before it is locked. */
const MAX_ROUNDS = 10

/** The locks of this process by path: a second store on the same folder shares the first one's. */
const held = new Map<string, { lock: FolderLock; inode: number }>()

/**
 * `tmp/<instance>/` holds what one process is receiving. The process keeps the folder locked for as
 * long as it lives (see `lockFolder`), so a folder that is not locked belongs to nobody: the next
 * process that opens the store removes it. This holds across PID namespaces and containers.
 */
export class TmpFolder {
  readonly path: string
  readonly #root: string
  readonly #day: () => Date
  #ready: Promise<void> | null = null

  constructor(root: string, instance: string, day: () => Date) {
    this.#root = root
    this.path = join(root, instance)
    this.#day = day
  }

  /** Made when the first blob needs it: a process that only reads leaves no folder. */
  ready(): Promise<void> {
    this.#ready ??= this.#create().catch((cause: unknown) => {
      this.#ready = null
      throw cause
    })
    return this.#ready
  }

  /** The folder's own time would tell when the last envelope came. */
  hideTime(): void {
    hideDirectoryTime(this.path, this.#day())
  }

  /** Called when the folder was removed by somebody: the next `ready` makes it again. */
  forget(): void {
    this.#ready = null
  }

  /** @throws StoreError `IN_USE` when another living process has this instance's folder. */
  async clean(): Promise<void> {
    const names = (await orNull(readdir(this.#root))) ?? []
    for (const name of names) {
      const path = join(this.#root, name)
      const isOurs = held.get(path)?.inode === inodeOf(path)
      if (isOurs && path !== this.path) continue
      if (isOurs || (await removeUnlocked(path))) {
        await rm(path, { recursive: true, force: true })
      } else if (path === this.path) {
        throw new StoreError('IN_USE', `instance ${name} is already running on this data folder`)
      }
    }
  }

  async #create(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      await mkdir(this.path, { recursive: true, mode: DIR_MODE })
      if (await this.#hold()) break
    }
    hideDirectoryTime(this.#root, this.#day())
  }

  /** False when the folder was removed before it was locked. */
  async #hold(): Promise<boolean> {
    const inode = inodeOf(this.path)
    if (inode === undefined) return false
    const earlier = held.get(this.path)
    if (earlier?.inode === inode) return true
    earlier?.lock.release()
    held.delete(this.path)
    const lock = await lockFolder(this.path, CLEANING_MS).catch(inUse)
    if (lock === null) return false
    if (inodeOf(this.path) === inode) held.set(this.path, { lock, inode })
    else lock.release()
    return held.has(this.path)
  }
}

/** Null when the folder is gone. */
function inUse(error: unknown): null {
  if (!(error instanceof LockError)) throw error
  if (errnoOf(error.cause) === 'ENOENT') return null
  throw error.code === 'LOCKED'
    ? new StoreError('IN_USE', 'another process uses the same folder under tmp/', error)
    : new StoreError('IO_FAILED', error.message, error)
}

/** Removes a folder that no process has locked. False when one has. */
async function removeUnlocked(path: string): Promise<boolean> {
  try {
    const lock = await lockFolder(path)
    await rm(path, { recursive: true, force: true })
    lock.release()
    return true
  } catch (error) {
    if (!(error instanceof LockError)) throw error
    if (error.code === 'LOCKED') return false
    const errno = errnoOf(error.cause)
    // Not a folder, or gone already: no process can have locked it.
    if (errno === 'ENOTDIR' || errno === 'ENOENT') return true
    // A folder of another user, such as root who ran a command: that user's next command removes
    // it.
    if (errno === 'EACCES') return false
    throw error
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}
