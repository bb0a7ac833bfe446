import { StoreError } from './errors.ts'

/**
 * What is asked of the file system: its blocks, those an ordinary user may still take, and their
 * size.
 */
export type Statfs = (path: string) => { blocks: number; bavail: number; bsize: number }

/** A reserve meant for a server must not close a small disk altogether. */
const maxReserveShare = 0.1

/** Room promised to one blob that is being received. */
export interface SpaceClaim {
  /** @throws StoreError `NO_SPACE` when these bytes go beyond the claim and the reserve is near. */
  use(bytes: number): void
  /** Gives back what was not used. Safe to call twice. */
  release(): void
}

/**
 * Keeps a reserve free on the disk, at most a tenth of it. Bytes announced by open uploads count as
 * taken, or a hundred uploads would each be let in on the strength of the same space.
 */
export class SpaceGuard {
  readonly #path: string
  readonly #reserveBytes: number
  readonly #statfs: Statfs
  #outstandingBytes = 0

  constructor(path: string, reserveBytes: number, statfs: Statfs) {
    this.#path = path
    this.#reserveBytes = reserveBytes
    this.#statfs = statfs
  }

  freeBytes(): number {
    const { blocks, bavail, bsize } = this.#statfs(this.#path)
    const reserveBytes = Math.min(this.#reserveBytes, blocks * bsize * maxReserveShare)
    return Math.max(0, bavail * bsize - reserveBytes - this.#outstandingBytes)
  }

  /** @throws StoreError `NO_SPACE`. */
  claim(expectedBytes: number): SpaceClaim {
    this.#require(Math.max(1, expectedBytes))
    return this.reclaim(expectedBytes)
  }

  /**
   * For what was promised before a restart: the promise stands, whatever has become of the disk.
   */
  reclaim(expectedBytes: number): SpaceClaim {
    let left = expectedBytes
    this.#outstandingBytes += left
    const give = (bytes: number): void => {
      left -= bytes
      this.#outstandingBytes -= bytes
    }
    return {
      use: (bytes) => {
        const covered = Math.min(bytes, left)
        if (bytes > covered) this.#require(bytes - covered)
        give(covered)
      },
      release: () => give(left),
    }
  }

  #require(bytes: number): void {
    if (bytes <= this.freeBytes()) return
    throw new StoreError(
      'NO_SPACE',
      'the data folder has reached its reserve: free some space or move it',
    )
  }
}
