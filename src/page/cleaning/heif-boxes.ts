import type { BlobReader } from './blob-reader.ts'
import { CleaningError, malformed } from './errors.ts'

/** ISO/IEC 14496-12 §4.2. */
export interface Box {
  type: string
  start: number
  /** After size and type; a full box has its version and flags there. */
  body: number
  end: number
}

/** A picture of two hundred tiles has some four hundred entries. */
export const maxBoxes = 20_000

/** The boxes that fill a stretch of a file, to its last byte. */
export async function readBoxes(reader: BlobReader, start: number, end: number): Promise<Box[]> {
  const boxes: Box[] = []
  for (let at = start; at < end; ) {
    const box = await readBox(reader, at, end)
    boxes.push(box)
    if (boxes.length > maxBoxes) throw new CleaningError('TOO_LARGE', 'a list of boxes')
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
  // A size of zero: to the end of the file.
  const end = shortBytes === 0 && limit === reader.bytes ? limit : start + bytes
  if (end < body || end > limit) throw malformed('a box')
  return { type, start, body, end }
}

/** Boxes of which there may be one of each kind. */
export function byType(boxes: readonly Box[]): (type: string) => Box {
  const found = new Map(boxes.map((box) => [box.type, box]))
  if (found.size < boxes.length) throw malformed('a box')
  return (type) => {
    const box = found.get(type)
    if (box === undefined) throw malformed('a box')
    return box
  }
}
