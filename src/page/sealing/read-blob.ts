import { SealingError } from './sealer.ts'

/**
 * Pieces are small because browsers collect large buffers later than small ones, and because the
 * worker receives requests to stop only between two pieces.
 */
const pieceBytes = 128 * 1024

/**
 * Yields a file's bytes in pieces, each in a buffer of its own.
 * @throws SealingError `FILE_UNREADABLE`, which names only the file's id
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
  // The cause is dropped because it may contain the file's name.
  const buffer = await slice.arrayBuffer().catch(() => null)
  if (buffer?.byteLength !== slice.size) throw fileUnreadable(fileId)
  return new Uint8Array(buffer)
}

export function fileUnreadable(fileId: number): SealingError {
  return new SealingError(
    'FILE_UNREADABLE',
    `file ${fileId} cannot be read, or has changed since it was chosen`,
    undefined,
    fileId,
  )
}
