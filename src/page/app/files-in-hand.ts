import { SealingError, type Sealer } from '../sealing/sealer.ts'
import type { FileDraft } from './draft.ts'
import type { FileKind } from './file-draft.ts'

/** Keeps the sealer's list of files the same as the list on the page. */

export interface FileNews {
  changed(key: number, change: Partial<Pick<FileDraft, 'kind' | 'state'>>): void
  /** Called when the code that cleans files could not be loaded, which is not the file's fault. */
  notLoaded: () => void
  /** Reads only the first bytes of the file. */
  kindOf: (file: File) => Promise<FileKind>
}

interface InHand {
  readonly sealerId: number
  readonly wish: FileDraft['wish']
}

export class FilesInHand {
  readonly #inHand = new Map<number, InHand>()
  readonly #news: FileNews
  #sealer: Sealer

  constructor(sealer: Sealer, news: FileNews) {
    this.#sealer = sealer
    this.#news = news
  }

  /**
   * Continues with a new sealer after the old worker died. The next `match` adds all files to it.
   */
  replaceSealer(sealer: Sealer): void {
    this.#sealer = sealer
    this.#inHand.clear()
  }

  match(files: readonly FileDraft[]): void {
    for (const [key, { sealerId, wish }] of this.#inHand) {
      if (files.some((file) => file.key === key && file.wish === wish)) continue
      this.#inHand.delete(key)
      this.#sealer.removeFile(sealerId)
    }
    for (const file of files) if (!this.#inHand.has(file.key)) this.#take(file)
  }

  /** The sealer's ids, in the order of the files on the page. */
  sealerIds(files: readonly FileDraft[]): number[] {
    return files.flatMap(({ key }) => this.#inHand.get(key)?.sealerId ?? [])
  }

  /**
   * The key of the file that the sealer knows by this id; null when it was removed from the page.
   */
  keyOf(sealerId: number): number | null {
    for (const [key, entry] of this.#inHand) if (entry.sealerId === sealerId) return key
    return null
  }

  #take({ key, file, wish, kind }: FileDraft): void {
    const { id, prepared } = this.#sealer.addFile(file, { metadata: wish })
    const entry = { sealerId: id, wish }
    this.#inHand.set(key, entry)
    // The file may have been removed or added again since; then this result is outdated.
    const tell = (change: Parameters<FileNews['changed']>[1]): void => {
      if (this.#inHand.get(key) === entry) this.#news.changed(key, change)
    }
    prepared.then(
      (ready) => tell({ state: { at: 'ready', ...ready } }),
      (error: unknown) =>
        isNotLoaded(error) ? this.#news.notLoaded() : tell({ state: stateAfter(error) }),
    )
    if (kind === null)
      this.#news.kindOf(file).then(
        (found) => tell({ kind: found }),
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
