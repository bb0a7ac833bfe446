import { open } from 'node:fs/promises'
import { closeSync, fsync, futimesSync, openSync, utimesSync } from 'node:fs'
import { promisify } from 'node:util'

const fsyncAsync = promisify(fsync)

/**
 * Makes the names in one directory durable. An fsync serves everyone who changed
 * the directory before it started; who comes later waits for the next one. So
 * at most one runs and at most one is waiting, however many ask. A directory's
 * time would tell when the last name came or went: it is set to the day as well.
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
 * As `syncDirectory` without the wait for the disk, for who has only taken a name away. Never
 * throws: it is no reason to fail.
 */
export function hideDirectoryTime(path: string, day: Date): void {
  try {
    utimesSync(path, day, day)
  } catch {
    // Another user's folder, or one that is gone.
  }
}

/**
 * Opens in the calling thread: a cached name takes microseconds, a trip to the thread pool many
 * more. The desk runs under Node's permission model, which forbids `fs.fsync` and allows the
 * `sync` of a FileHandle.
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
