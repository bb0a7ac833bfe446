import type { FileHandle } from 'node:fs/promises'

/**
 * 128 KiB. The kernel gives a larger write larger pages, and when memory is in
 * pieces it stops to join them: writing a gigabyte then takes two or three times
 * as long. Smaller ones cost more calls.
 */
const writeBytes = 128 * 1024

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
