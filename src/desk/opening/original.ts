import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BackgroundSync } from '../../age/background-sync.ts'
import { readPieces } from '../../age/read-file.ts'
import { writeAt } from '../../age/write-file.ts'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { makeFolder } from '../../disk/make-folder.ts'
import { layoutOf } from '../files/layout.ts'
import type { StartDigest } from './digests.ts'

/**
 * The casebook's own copy of an envelope while the envelope is read. Exactly one of `commit` and
 * `discard` ends it.
 */
export interface OriginalCopy {
  write: (bytes: Uint8Array) => void
  /** SHA-256 of the bytes written so far, in hex; nothing more may be written afterwards. */
  digest: () => Promise<string>
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

export async function createOriginal(
  casebook: string,
  receipt: string,
  startDigest: StartDigest,
): Promise<OriginalCopy> {
  const folder = layoutOf(casebook).originals
  await makeFolder(folder, 0o700)
  const partial = join(folder, `.partial-${receipt}`)
  const file = await open(partial, 'w+', 0o600)
  const digest = startDigest(file.fd)
  const background = new BackgroundSync(() => file.datasync())
  let isOpen = true
  let bytesWritten = 0
  const close = async () => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    write(bytes) {
      writeAt(file.fd, bytes, bytesWritten)
      bytesWritten += bytes.length
      digest.update(bytes)
      background.add(bytes.length)
    },
    digest: () => digest.finish(),
    read: () => readPieces(file),
    async commit() {
      await background.settle()
      await file.sync()
      await close()
      await rename(partial, originalPath(casebook, receipt))
      await syncDirectory(folder)
    },
    async discard() {
      await background.settle().catch(() => undefined)
      await close()
      await rm(partial, { force: true })
    },
  }
}
