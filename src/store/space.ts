import { StoreError } from './errors.ts'

/**
 * Figures of the file system: its blocks, the blocks available to an ordinary user, and the block
 * size; its inodes and the free ones, 0 if it has no inode table.
 */
export type Statfs = (path: string) => {
  blocks: number
  bavail: number
  bsize: number
  files?: number
  ffree?: number
}

/**
 * The reserve is at most this share, so that one meant for a server does not close a small disk
 * altogether.
 */
const maxReserveShare = 0.1

/** Inodes that stay free: the ledger, Redis, locks and records need some to keep working. */
const reserveFiles = 1024

/** Space promised to one blob that is being received. */
export interface SpaceClaim {
  /** @throws StoreError `NO_SPACE` if these bytes exceed the claim and would use the reserve. */
  use(bytes: number): void
  /** Releases the unused part. Safe to call twice. */
  release(): void
}

/**
 * Keeps a reserve of bytes and of inodes free on the disk, at most a tenth of each. Bytes and files
 * announced by open uploads count as taken; otherwise a hundred uploads could each be promised the
 * same space.
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

  /** Number of bytes that can still be taken; also 0 if no file can be created. */
  freeBytes(): number {
    const disk = this.#statfs(this.#path)
    if (this.#freeFilesOf(disk) === 0) return 0
    const { blocks, bavail, bsize } = disk
    const reserveBytes = Math.min(this.#reserveBytes, blocks * bsize * maxReserveShare)
    return Math.max(0, bavail * bsize - reserveBytes - this.#outstandingBytes)
  }

  /** Number of files that can still be created; null if the file system has no limit. */
  freeFiles(): number | null {
    return this.#freeFilesOf(this.#statfs(this.#path))
  }

  /** @throws StoreError `NO_SPACE`. */
  claim(expectedBytes: number): SpaceClaim {
    this.#require(Math.max(1, expectedBytes))
    return this.#promise(expectedBytes, 1)
  }

  /**
   * Claims space that was promised before a restart. The promise is kept whatever the state of the
   * disk.
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
      // Once the first byte is written, the file exists and the file system counts it.
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
