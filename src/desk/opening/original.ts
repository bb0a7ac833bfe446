import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readPieces } from '../../age/read-file.ts'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { makeFolder } from '../../disk/make-folder.ts'
import { layoutOf } from '../files/layout.ts'
import { type DigestedFile, openDigestedFile } from './digested-file.ts'
import type { StartDigest } from './digests.ts'

/**
 * The casebook's own copy of an envelope while the envelope is read. Exactly one of `commit` and
 * `discard` ends it.
 */
export interface OriginalCopy extends Pick<DigestedFile, 'write' | 'digest'> {
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
  const file = await openDigestedFile(partial, 'w+', startDigest)
  return {
    write: file.write,
    digest: file.digest,
    read: () => readPieces(file.handle),
    async commit() {
      await file.finish()
      await rename(partial, originalPath(casebook, receipt))
      await syncDirectory(folder)
    },
    async discard() {
      await file.abandon()
      await rm(partial, { force: true })
    },
  }
}
