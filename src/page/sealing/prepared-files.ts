import type { CleanFile, PreparedContent } from './prepare-file.ts'
import { prepareFile } from './prepare-file.ts'
import { fileUnreadable } from './read-blob.ts'
import { SealingError } from './sealer.ts'

interface FileEntry {
  bytes: number
  doneBytes: number
  prepared: Promise<PreparedContent>
  removal: AbortController
}

/**
 * The files of the tip being written. Each is prepared as soon as it is added, one after the other.
 */
export class PreparedFiles {
  readonly #clean: CleanFile
  readonly #files = new Map<number, FileEntry>()
  readonly #watchers = new Set<() => void>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(clean: CleanFile) {
    this.#clean = clean
  }

  /** @throws SealingError `FILE_UNREADABLE`, `CANCELLED` */
  add(id: number, file: File, metadata: 'remove' | 'keep'): Promise<PreparedContent> {
    const removal = new AbortController()
    const prepared = this.#last.then(() => this.#prepare(id, file, metadata, removal.signal))
    this.#last = prepared.catch(() => undefined)
    this.#files.set(id, { bytes: file.size, doneBytes: 0, prepared, removal })
    return prepared
  }

  remove(id: number): void {
    this.#files.get(id)?.removal.abort()
    this.#files.delete(id)
  }

  totalBytes(ids: readonly number[]): number {
    return this.#sum(ids, 'bytes')
  }

  /**
   * @param mustBeClean the files among them that may only be sent cleaned
   * @throws SealingError with the same codes as `add`, and `FILE_NOT_CLEANED`
   */
  async whenPrepared(
    ids: readonly number[],
    onBytes: (doneBytes: number) => void,
    mustBeClean: readonly number[] = [],
  ): Promise<PreparedContent[]> {
    const watch = () => onBytes(this.#sum(ids, 'doneBytes'))
    this.#watchers.add(watch)
    try {
      const files = await Promise.all(
        ids.map((id) => this.#files.get(id)?.prepared ?? Promise.reject(fileUnreadable(id))),
      )
      for (const { id, metadata } of files)
        if (metadata === 'cannot_be_removed' && mustBeClean.includes(id))
          throw new SealingError('FILE_NOT_CLEANED', `file ${id} is not cleaned`, undefined, id)
      return files
    } finally {
      this.#watchers.delete(watch)
    }
  }

  #prepare(
    id: number,
    file: File,
    metadata: 'remove' | 'keep',
    signal: AbortSignal,
  ): Promise<PreparedContent> {
    const onBytes = (doneBytes: number) => {
      const entry = this.#files.get(id)
      if (entry) entry.doneBytes = doneBytes
      for (const watch of this.#watchers) watch()
    }
    return prepareFile({ id, file, metadata, clean: this.#clean, signal, onBytes })
  }

  #sum(ids: readonly number[], field: 'bytes' | 'doneBytes'): number {
    return ids.reduce((sum, id) => sum + (this.#files.get(id)?.[field] ?? 0), 0)
  }
}
