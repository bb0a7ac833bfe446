import type { BlobReader } from './blob-reader.ts'
import { CleaningError, ifUnusable, malformed } from './errors.ts'

/** A box of ISO/IEC 14496-12 §4.2. */
export interface Box {
  type: string
  start: number
  /** The offset after size and type. In a full box, version and flags start here. */
  body: number
  end: number
}

/** A picture made of two hundred tiles has about four hundred entries. */
export const maxBoxes = 20_000

/** Reads the boxes that fill a range of a file completely. */
export async function readBoxes(reader: BlobReader, start: number, end: number): Promise<Box[]> {
  return await readBoxesUntil(reader, start, end, () => false)
}

/**
 * Reads the boxes of a file. Like viewers, ends at the first bytes after the picture's `meta` that
 * are not a box. A picture that needs later bytes finds them in none of the returned boxes.
 */
export async function readTopBoxes(reader: BlobReader): Promise<Box[]> {
  return await readBoxesUntil(reader, 0, reader.bytes, (boxes) =>
    boxes.some(({ type }) => type === 'meta'),
  )
}

async function readBoxesUntil(
  reader: BlobReader,
  start: number,
  end: number,
  mayEnd: (boxes: readonly Box[]) => boolean,
): Promise<Box[]> {
  const boxes: Box[] = []
  for (let at = start; at < end; ) {
    const box = await readBox(reader, at, end).catch((error: unknown) => {
      if (mayEnd(boxes)) return ifUnusable(error, null)
      throw error
    })
    if (box === null) break
    boxes.push(box)
    if (boxes.length > maxBoxes)
      throw new CleaningError('TOO_LARGE', 'the list of boxes is too long')
    at = box.end
  }
  return boxes
}

async function readBox(reader: BlobReader, start: number, limit: number): Promise<Box> {
  const header = await reader.cursor(start, 8)
  const shortBytes = header.uint(4)
  const type = header.text(4)
  const body = start + (shortBytes === 1 ? 16 : 8)
  const bytes = shortBytes === 1 ? (await reader.cursor(start + 8, 8)).uint(8) : shortBytes
  // A size of zero means that the box ends with the file.
  const end = shortBytes === 0 && limit === reader.bytes ? limit : start + bytes
  if (end < body || end > limit) throw malformed('a box')
  return { type, start, body, end }
}

/** Returns a lookup by type for boxes of which each type may occur only once. */
export function byType(boxes: readonly Box[]): (type: string) => Box {
  const found = new Map(boxes.map((box) => [box.type, box]))
  if (found.size < boxes.length) throw malformed('a box')
  return (type) => {
    const box = found.get(type)
    if (box === undefined) throw malformed('a box')
    return box
  }
}
