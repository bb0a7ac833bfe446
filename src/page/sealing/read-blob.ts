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

/**
 * Refuses a file that has grown since it was chosen. Firefox reads slices only up to the size that
 * the file had then, so the file would be sealed cut off; a stream continues to its present end.
 * Chromium refuses every read of a file that has changed.
 * @throws SealingError `FILE_UNREADABLE`
 */
export async function refuseGrown(file: Blob, fileId: number): Promise<void> {
  const reader = file.stream().getReader()
  let bytes = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      bytes += next.value.length
      if (bytes > file.size) break
    }
  } catch {
    throw fileUnreadable(fileId)
  }
  await reader.cancel().catch(() => undefined)
  if (bytes > file.size) throw fileUnreadable(fileId)
}

export function fileUnreadable(fileId: number): SealingError {
  return new SealingError(
    'FILE_UNREADABLE',
    `file ${fileId} cannot be read, or has changed since it was chosen`,
    undefined,
    fileId,
  )
}
