import { SealingError } from './sealer.ts'

/**
 * 128 KiB: what is read is garbage until the browser collects it, and it waits longer for large
 * pieces; and between two pieces the worker hears whether it should stop.
 */
const pieceBytes = 128 * 1024

/**
 * A file's bytes, piece by piece; each piece is fresh memory. @throws SealingError
 * `FILE_UNREADABLE` naming the id alone.
 */
export async function* readBlob(
  blob: Blob,
  fileId: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < blob.size; start += pieceBytes) {
    signal?.throwIfAborted()
    yield await readSlice(blob.slice(start, start + pieceBytes), fileId)
  }
}

async function readSlice(slice: Blob, fileId: number): Promise<Uint8Array<ArrayBuffer>> {
  // No cause: it may name the file.
  const buffer = await slice.arrayBuffer().catch(() => null)
  if (buffer?.byteLength !== slice.size) throw fileUnreadable(fileId)
  return new Uint8Array(buffer)
}

export function fileUnreadable(fileId: number): SealingError {
  return new SealingError(
    'FILE_UNREADABLE',
    `file ${fileId} cannot be read, or is no longer as it was when it was chosen`,
    undefined,
    fileId,
  )
}
