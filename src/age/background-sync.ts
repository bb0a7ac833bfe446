import { fdatasync } from 'node:fs'

/** So many bytes are written to the page cache before they are sent to the disk. */
const syncBytes = 64 * 1024 * 1024

/**
 * Sends a growing file to the disk in the background, so that the last sync has little left to do.
 */
export class BackgroundSync {
  readonly #fd: number
  #unsyncedBytes = 0
  #running: Promise<void> | null = null
  #failure: Error | null = null

  constructor(fd: number) {
    this.#fd = fd
  }

  /** Called after `bytes` more bytes are in the file. */
  add(bytes: number): void {
    this.#unsyncedBytes += bytes
    if (this.#running !== null || this.#unsyncedBytes < syncBytes) return
    this.#unsyncedBytes = 0
    this.#running = new Promise((resolve) => {
      fdatasync(this.#fd, (error) => {
        this.#failure ??= error
        this.#running = null
        resolve()
      })
    })
  }

  /**
   * Must be called before the last sync, and before the descriptor is closed.
   * @throws the error of a sync in the background: the kernel reports a failed write only once, so
   *   the last sync would succeed.
   */
  async settle(): Promise<void> {
    await this.#running
    if (this.#failure !== null) throw this.#failure
  }
}
