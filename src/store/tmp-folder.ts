import { statSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { errnoOf, orNull } from '../disk/errno.ts'
import { LockError } from '../disk/errors.ts'
import { type FolderLock, lockFolder } from '../disk/folder-lock.ts'
import { StoreError } from './errors.ts'
import { DIR_MODE } from './layout.ts'

/** A process that cleans up holds the lock of a folder only while it removes the content. */
const CLEANING_MS = 10_000

/** Each attempt fails only if another process removes the new folder before it is locked. */
const MAX_ROUNDS = 10

/**
 * The locks of this process by path: a second store on the same folder shares the lock of the
 * first.
 */
const held = new Map<string, { lock: FolderLock; inode: number }>()

/**
 * `tmp/<instance>/` contains what one process is receiving. The process keeps the folder locked as
 * long as it lives (see `lockFolder`), so an unlocked folder belongs to no living process: the next
 * process that opens the store removes it. This works across PID namespaces and containers.
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

  /**
   * Creates the folder when the first blob needs it, so that a process that only reads leaves none.
   */
  ready(): Promise<void> {
    this.#ready ??= this.#create().catch((cause: unknown) => {
      this.#ready = null
      throw cause
    })
    return this.#ready
  }

  /** Hides the folder's own time, which would show when the last envelope came. */
  hideTime(): void {
    hideDirectoryTime(this.path, this.#day())
  }

  /** To be called if another process has removed the folder; the next `ready` creates it again. */
  forget(): void {
    this.#ready = null
  }

  /**
   * Removes the folders of dead processes. @throws StoreError `IN_USE` if another living process
   * has this instance's folder.
   */
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

  /** False if the folder was removed before it could be locked. */
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

/** Returns null if the folder is gone, and throws otherwise. */
function inUse(error: unknown): null {
  if (!(error instanceof LockError)) throw error
  if (errnoOf(error.cause) === 'ENOENT') return null
  throw error.code === 'LOCKED'
    ? new StoreError('IN_USE', 'another process uses the same folder under tmp/', error)
    : new StoreError('IO_FAILED', error.message, error)
}

/** Removes a folder unless a process has locked it. False if one has. */
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
    // It is not a folder or no longer exists, so no process can have locked it.
    if (errno === 'ENOTDIR' || errno === 'ENOENT') return true
    // The folder belongs to another user, such as root after running a command: that user's next
    // command removes it.
    if (errno === 'EACCES') return false
    throw error
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}
