import { writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

/**
 * 128 KiB. For larger writes the kernel allocates larger pages, and when memory is fragmented it
 * has to compact it first: writing a gigabyte then takes two or three times as long. Smaller writes
 * need more calls.
 */
export const writeBytes = 128 * 1024

/** Appends all of `bytes` to a file. */
export async function writePieces(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(
      bytes,
      done,
      Math.min(writeBytes, bytes.length - done),
    )
    done += bytesWritten
  }
}

/** Writes all of `bytes` at `position`, in this thread: handing pieces to another costs more. */
export function writeAt(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(fd, bytes, done, Math.min(writeBytes, bytes.length - done), position + done)
}
