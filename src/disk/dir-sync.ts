import { open } from 'node:fs/promises'
import { closeSync, fsync, futimesSync, openSync, utimesSync } from 'node:fs'
import { promisify } from 'node:util'

const fsyncAsync = promisify(fsync)

/**
 * Makes the names in one directory durable. One fsync covers all changes that were made before it
 * started; a call that comes later waits for the next one. So at most one fsync runs and at most
 * one is waiting, however many callers there are. The directory's time would show when the last
 * name came or went, so it is set to the day as well.
 */
export class DirSync {
  readonly #path: string
  readonly #day: () => Date
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null

  constructor(path: string, day: () => Date) {
    this.#path = path
    this.#day = day
  }

  sync(): Promise<void> {
    if (this.#running === null) return this.#start()
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    )
    return this.#next
  }

  #start(): Promise<void> {
    this.#next = null
    const running = syncDirectory(this.#path, this.#day()).finally(() => {
      if (this.#running === running) this.#running = null
    })
    this.#running = running
    return running
  }
}

/**
 * Sets the directory's time to the day, like `syncDirectory`, but does not wait for the disk:
 * enough after a name was removed. Never throws, because a failure here is not worth failing the
 * caller.
 */
export function hideDirectoryTime(path: string, day: Date): void {
  try {
    utimesSync(path, day, day)
  } catch {
    // The folder belongs to another user or has been removed.
  }
}

/**
 * Opens the directory in the calling thread: looking up a cached name takes microseconds, much less
 * than a trip to the thread pool. The desk runs under Node's permission model, which forbids
 * `fs.fsync` but allows the `sync` of a FileHandle.
 */
export async function syncDirectory(path: string, day?: Date): Promise<void> {
  if (process.permission !== undefined) return await syncThroughHandle(path, day)
  const fd = openSync(path, 'r')
  try {
    if (day) futimesSync(fd, day, day)
    await fsyncAsync(fd)
  } finally {
    closeSync(fd)
  }
}

async function syncThroughHandle(path: string, day?: Date): Promise<void> {
  const handle = await open(path, 'r')
  try {
    if (day) utimesSync(path, day, day)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
