import { SealingError, type Sealer } from '../sealing/sealer.ts'
import type { FileDraft } from './draft.ts'
import type { FileKind } from './file-draft.ts'

/** Keeps the sealer's list of files the same as the list on the page. */

export interface FileEvents {
  changed(key: number, change: Partial<Pick<FileDraft, 'kind' | 'state'>>): void
  /** Called when the code that cleans files could not be loaded, which is not the file's fault. */
  notLoaded: () => void
  /** Reads only the first bytes of the file. */
  kindOf: (file: File) => Promise<FileKind>
}

interface AddedEntry {
  readonly sealerId: number
  readonly wish: FileDraft['wish']
}

export class FileSync {
  readonly #added = new Map<number, AddedEntry>()
  readonly #events: FileEvents
  #sealer: Sealer

  constructor(sealer: Sealer, events: FileEvents) {
    this.#sealer = sealer
    this.#events = events
  }

  /**
   * Continues with a new sealer after the old worker died. The next `match` adds all files to it.
   */
  replaceSealer(sealer: Sealer): void {
    this.#sealer = sealer
    this.#added.clear()
  }

  match(files: readonly FileDraft[]): void {
    for (const [key, { sealerId, wish }] of this.#added) {
      if (files.some((file) => file.key === key && file.wish === wish)) continue
      this.#added.delete(key)
      this.#sealer.removeFile(sealerId)
    }
    for (const file of files) if (!this.#added.has(file.key)) this.#add(file)
  }

  /** The sealer's ids, in the order of the files on the page. */
  sealerIds(files: readonly FileDraft[]): number[] {
    return files.flatMap(({ key }) => this.#added.get(key)?.sealerId ?? [])
  }

  /**
   * The key of the file that the sealer knows by this id; null when it was removed from the page.
   */
  keyOf(sealerId: number): number | null {
    for (const [key, entry] of this.#added) if (entry.sealerId === sealerId) return key
    return null
  }

  #add({ key, file, wish, kind }: FileDraft): void {
    const { id, prepared } = this.#sealer.addFile(file, { metadata: wish })
    const entry = { sealerId: id, wish }
    this.#added.set(key, entry)
    // The file may have been removed or added again since; then this result is outdated.
    const report = (change: Parameters<FileEvents['changed']>[1]): void => {
      if (this.#added.get(key) === entry) this.#events.changed(key, change)
    }
    prepared.then(
      (ready) => report({ state: { at: 'ready', ...ready } }),
      (error: unknown) =>
        isNotLoaded(error) ? this.#events.notLoaded() : report({ state: stateAfter(error) }),
    )
    if (kind === null)
      this.#events.kindOf(file).then(
        (found) => report({ kind: found }),
        () => undefined,
      )
  }
}

/** The state to show for a file that the sealer could not read. */
export function stateAfter(error: unknown): FileDraft['state'] {
  const isEmpty = error instanceof SealingError && error.code === 'FILE_EMPTY'
  return { at: isEmpty ? 'empty' : 'unreadable' }
}

const isNotLoaded = (error: unknown): boolean =>
  error instanceof SealingError && error.code === 'NOT_LOADED'
