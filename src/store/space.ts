import { StoreError } from './errors.ts'

/**
 * What the file system is asked for: its blocks, those that an ordinary user may still take, and
 * their size; its inodes and the free ones, 0 where it has no table of inodes.
 */
export type Statfs = (path: string) => {
  blocks: number
  bavail: number
  bsize: number
  files?: number
  ffree?: number
}

/** A reserve meant for a server must not close a small disk altogether. */
const maxReserveShare = 0.1

/** Inodes that are never taken: the ledger, Redis, locks and records need some to keep working. */
const reserveFiles = 1024

/** Room promised to one blob that is being received. */
export interface SpaceClaim {
  /** @throws StoreError `NO_SPACE` when these bytes go beyond the claim and the reserve is near. */
  use(bytes: number): void
  /** Gives back what was not used. Safe to call twice. */
  release(): void
}

/**
 * Keeps a reserve of bytes and of inodes free on the disk, at most a tenth of it. Bytes and files
 * announced by open uploads count as taken; otherwise a hundred uploads would each be admitted on
 * the strength of the same space.
 */
export class SpaceGuard {
  readonly #path: string
  readonly #reserveBytes: number
  readonly #statfs: Statfs
  #outstandingBytes = 0
  #outstandingFiles = 0

  constructor(path: string, reserveBytes: number, statfs: Statfs) {
    this.#path = path
    this.#reserveBytes = reserveBytes
    this.#statfs = statfs
  }

  /** Bytes that can still be taken; 0 also when no file can be created, whatever its length. */
  freeBytes(): number {
    const disk = this.#statfs(this.#path)
    if (this.#freeFilesOf(disk) === 0) return 0
    const { blocks, bavail, bsize } = disk
    const reserveBytes = Math.min(this.#reserveBytes, blocks * bsize * maxReserveShare)
    return Math.max(0, bavail * bsize - reserveBytes - this.#outstandingBytes)
  }

  /** Files that can still be created; null where the file system sets no number. */
  freeFiles(): number | null {
    return this.#freeFilesOf(this.#statfs(this.#path))
  }

  /** @throws StoreError `NO_SPACE`. */
  claim(expectedBytes: number): SpaceClaim {
    this.#require(Math.max(1, expectedBytes))
    return this.#promise(expectedBytes, 1)
  }

  /**
   * For what was promised before a restart: the promise stands, whatever has become of the disk.
   */
  reclaim(expectedBytes: number): SpaceClaim {
    return this.#promise(expectedBytes, 0)
  }

  #promise(expectedBytes: number, files: number): SpaceClaim {
    let leftBytes = expectedBytes
    let leftFiles = files
    this.#outstandingBytes += leftBytes
    this.#outstandingFiles += leftFiles
    const give = (bytes: number): void => {
      leftBytes -= bytes
      this.#outstandingBytes -= bytes
      // From the first byte on the file exists, and the file system counts it.
      this.#outstandingFiles -= leftFiles
      leftFiles = 0
    }
    return {
      use: (bytes) => {
        const covered = Math.min(bytes, leftBytes)
        if (bytes > covered) this.#require(bytes - covered)
        give(covered)
      },
      release: () => give(leftBytes),
    }
  }

  #freeFilesOf({ files = 0, ffree = 0 }: ReturnType<Statfs>): number | null {
    if (files === 0) return null
    const reserve = Math.min(reserveFiles, Math.floor(files * maxReserveShare))
    return Math.max(0, ffree - reserve - this.#outstandingFiles)
  }

  #require(bytes: number): void {
    if (bytes <= this.freeBytes()) return
    throw new StoreError(
      'NO_SPACE',
      'the data folder has reached its reserve of bytes or of inodes: free some space or move it',
    )
  }
}
