import { type FileHandle, open } from 'node:fs/promises'
import { BackgroundSync } from '../../age/background-sync.ts'
import { writeAt } from '../../age/write-file.ts'
import type { StartDigest } from './digests.ts'

/**
 * A file that is written from its start to its end, while its digest is taken and its bytes are
 * sent to the disk. Exactly one of `finish` and `abandon` ends it; `abandon` may follow a `finish`
 * that failed.
 */
export interface DigestedFile {
  readonly handle: FileHandle
  write: (bytes: Uint8Array) => void
  /** SHA-256 of the bytes written so far, in hex; nothing more may be written afterwards. */
  digest: () => Promise<string>
  /** Closes the file once its bytes are durable. Its name is durable when its folder is synced. */
  finish: () => Promise<void>
  /** Closes the file, whatever became of its bytes. */
  abandon: () => Promise<void>
}

/** @param flags of Node's `open`; the file must also be readable, for the digest. */
export async function openDigestedFile(
  path: string,
  flags: 'w+' | 'wx+',
  startDigest: StartDigest,
): Promise<DigestedFile> {
  const handle = await open(path, flags, 0o600)
  const digest = startDigest(handle.fd)
  const background = new BackgroundSync(() => handle.datasync())
  let bytesWritten = 0
  return {
    handle,
    write(bytes) {
      writeAt(handle.fd, bytes, bytesWritten)
      bytesWritten += bytes.length
      digest.update(bytes)
      background.add(bytes.length)
    },
    digest: () => digest.finish(),
    async finish() {
      await background.settle()
      await handle.sync()
      await handle.close()
    },
    async abandon() {
      await background.settle().catch(() => undefined)
      await handle.close()
    },
  }
}
