/** This many bytes are written to the page cache before they are sent to the disk. */
const syncBytes = 64 * 1024 * 1024

/**
 * Sends a growing file to the disk in the background, so that the last sync has little left to do.
 */
export class BackgroundSync {
  readonly #sync: () => Promise<void>
  #unsyncedBytes = 0
  #running: Promise<void> | null = null
  #failure: unknown = null

  /**
   * @param sync waits for the disk. Pass `datasync` of a file handle where Node's permission model
   *   may be in force: it forbids syncs of bare descriptors.
   */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync
  }

  /** Called after `bytes` more bytes are in the file. */
  add(bytes: number): void {
    this.#unsyncedBytes += bytes
    if (this.#running !== null || this.#unsyncedBytes < syncBytes) return
    this.#unsyncedBytes = 0
    this.#running = this.#sync()
      .catch((error: unknown) => void (this.#failure ??= error))
      .finally(() => (this.#running = null))
  }

  /**
   * Must be called before the last sync, and before the file is closed.
   * @throws the error of a sync in the background: the kernel reports a failed write only once, so
   *   the last sync would succeed.
   */
  async settle(): Promise<void> {
    await this.#running
    if (this.#failure !== null) throw this.#failure
  }
}
