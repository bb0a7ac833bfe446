import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../disk/make-folder.ts'
import { readPieces } from '../../age/read-file.ts'
import { writePieces } from '../../age/write-file.ts'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { layoutOf } from '../files/layout.ts'

/**
 * The casebook's own copy of an envelope while the envelope is read. Exactly one of `commit` and
 * `discard` ends it.
 */
export interface OriginalCopy {
  /** Resolves when the caller may reuse the buffer. */
  write: (bytes: Uint8Array) => Promise<void>
  /** Reads the bytes written so far, from the start; only possible before the copy ends. */
  read: () => AsyncGenerator<Uint8Array>
  /**
   * Gives the copy its final name. It is then complete and durable, so the stick is no longer
   * needed.
   */
  commit(): Promise<void>
  discard(): Promise<void>
}

export function originalPath(casebook: string, receipt: string): string {
  return join(layoutOf(casebook).originals, `${receipt}.age`)
}

export async function createOriginal(casebook: string, receipt: string): Promise<OriginalCopy> {
  const folder = layoutOf(casebook).originals
  await makeFolder(folder, 0o700)
  const partial = join(folder, `.partial-${receipt}`)
  const file = await open(partial, 'w', 0o600)
  let isOpen = true
  const close = async () => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    write: (bytes) => writePieces(file, bytes),
    async *read() {
      const written = await open(partial, 'r')
      try {
        yield* readPieces(written)
      } finally {
        await written.close()
      }
    },
    async commit() {
      await file.sync()
      await close()
      await rename(partial, originalPath(casebook, receipt))
      await syncDirectory(folder)
    },
    async discard() {
      await close()
      await rm(partial, { force: true })
    },
  }
}
