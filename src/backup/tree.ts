import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { link, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncDirectory } from '../disk/dir-sync.ts'
import { orNull } from '../disk/errno.ts'
import { DIR_MODE, FILE_MODE, PREFIXES } from '../store/layout.ts'
import { BackupError } from './errors.ts'
import { maxBackupFiles } from './sums.ts'

const READ_BYTES = 256 * 1024

/**
 * Errors after which a file is copied instead of linked: it is on another file system, the file
 * system has no links, or the file has too many.
 */
const NO_LINK = ['EXDEV', 'EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'EMLINK', 'ENOSYS']

export interface TreeFile {
  path: string
  /** Midnight UTC of the file's day; no finer time is kept. */
  day: Date
}

/**
 * The folders of a data directory that is being written. Every file is durable when the call that
 * writes it resolves.
 */
export class Tree {
  readonly root: string
  readonly #day: Date
  readonly digests = new Map<string, string>()

  readonly #maxFiles: number

  /** @param day modification time of the folders */
  constructor(root: string, day: Date, maxFiles = maxBackupFiles) {
    this.root = root
    this.#day = day
    this.#maxFiles = maxFiles
  }

  async create(): Promise<void> {
    for (const folder of ['', ...PREFIXES, 'acknowledgements', 'keys'])
      await mkdir(join(this.root, folder), { recursive: true, mode: DIR_MODE })
  }

  /**
   * Writes a file, and removes it again if its digest is not the expected one.
   * @returns its SHA-256. @throws the errors of the source, after removing the file; BackupError
   *   `TOO_MANY`.
   */
  async write(
    { path, day }: TreeFile,
    content: AsyncIterable<Uint8Array>,
    expected?: string,
  ): Promise<string> {
    this.#requireRoom()
    const target = join(this.root, path)
    // Only a server whose desk has answered has a folder of answers.
    await mkdir(dirname(target), { recursive: true, mode: DIR_MODE })
    const hash = createHash('sha256')
    const file = await open(target, 'wx', FILE_MODE)
    try {
      for await (const bytes of content) {
        hash.update(bytes)
        await file.writeFile(bytes)
      }
      await file.utimes(day, day)
      await file.sync()
    } catch (error) {
      await rm(target, { force: true })
      throw error
    } finally {
      await file.close()
    }
    const digest = hash.digest('hex')
    if (expected === undefined || digest === expected) this.digests.set(path, digest)
    else await rm(target)
    return digest
  }

  /**
   * Links an existing file, whose digest was checked, into this tree. False if it cannot be linked.
   * @throws BackupError `TOO_MANY`.
   */
  async adopt({ path, day }: TreeFile, source: string, digest: string): Promise<boolean> {
    this.#requireRoom()
    try {
      await link(source, join(this.root, path))
    } catch (error) {
      if (NO_LINK.includes((error as NodeJS.ErrnoException).code ?? '')) return false
      throw error
    }
    await utimes(join(this.root, path), day, day)
    this.digests.set(path, digest)
    return true
  }

  /** A restore refuses a longer list, so such a backup must not come into being. */
  #requireRoom(): void {
    if (this.digests.size < this.#maxFiles) return
    throw new BackupError(
      'TOO_MANY',
      `there are more than ${this.#maxFiles} files, and no restore reads so many: export, acknowledge and run "tumen free-space" first`,
    )
  }

  async move(from: string, { path, day }: TreeFile): Promise<void> {
    await rename(join(this.root, from), join(this.root, path))
    await utimes(join(this.root, path), day, day)
    this.digests.set(path, this.digests.get(from) ?? '')
    this.digests.delete(from)
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.root, path), { force: true })
    this.digests.delete(path)
  }

  /**
   * Sets the time of each folder to the day as well, and makes the names in it durable. This is the
   * last call.
   */
  async settle(): Promise<void> {
    const folders = (await readdir(this.root, { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    )
    for (const { name } of folders) await syncDirectory(join(this.root, name), this.#day)
    await syncDirectory(this.root, this.#day)
  }
}

/** Reads a file, but never follows a link that somebody put in its place. */
export async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile())
      throw Object.assign(new Error('not a plain file'), { code: 'EINVAL' })
    for (;;) {
      const piece = new Uint8Array(READ_BYTES)
      const { bytesRead } = await file.read(piece, 0, READ_BYTES, null)
      if (bytesRead === 0) return
      yield piece.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Null when there is no such file. */
export async function digestOf(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  const work = async (): Promise<string> => {
    for await (const bytes of readPieces(path)) hash.update(bytes)
    return hash.digest('hex')
  }
  return await orNull(work())
}
