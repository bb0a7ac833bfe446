import { Assembly } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { windowBytes } from './blob-reader.ts'
import { CleaningError, malformed } from './errors.ts'

/**
 * Blanked bytes are built in memory. The limit suffices for Exif data, leftovers and several
 * further pictures, but not for videos.
 */
export const maxBlankedBytes = 32 * 1024 * 1024

/** The new content of a range of a file: `content`, followed by `fill` up to its end. */
export interface Patch {
  start: number
  end: number
  content?: Uint8Array
  fill?: number
}

/**
 * A file with some ranges overwritten. All other bytes keep their offsets, and the file may end
 * earlier.
 */
export async function applyPatches(
  reader: BlobReader,
  patches: readonly Patch[],
  end: number,
): Promise<Assembly> {
  const assembly = new Assembly()
  let at = 0
  let leftBytes = maxBlankedBytes
  for (const patch of patches
    .filter((each) => each.start < end)
    .sort((left, right) => left.start - right.start)) {
    if (patch.start < at || patch.end < patch.start) throw malformed('the order of boxes')
    assembly.keep(at, patch.start)
    leftBytes -= patch.end - patch.start
    if (leftBytes < 0) throw new CleaningError('TOO_LARGE', 'too many bytes would be blanked')
    await applyPatch(reader, patch, assembly)
    at = patch.end
  }
  assembly.keep(at, end)
  return assembly
}

async function applyPatch(
  reader: BlobReader,
  { start, end, content = new Uint8Array(), fill = 0 }: Patch,
  assembly: Assembly,
): Promise<void> {
  for (let at = start; at < end; at += windowBytes) {
    const pieceEnd = Math.min(end, at + windowBytes)
    const piece = new Uint8Array(pieceEnd - at).fill(fill)
    piece.set(content.subarray(at - start, pieceEnd - start))
    await assembly.replace(reader, at, pieceEnd, piece)
  }
}
