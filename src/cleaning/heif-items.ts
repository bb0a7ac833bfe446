import { maxParts } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { ByteCursor } from './byte-cursor.ts'
import { toBytes } from './bytes.ts'
import { CleaningError, malformed, unsupported } from './errors.ts'
import type { Box } from './heif-boxes.ts'
import { readBoxes } from './heif-boxes.ts'
import type { Patch } from './patches.ts'

/**
 * The types of coded pictures, and of pictures derived from others. `jpeg` is excluded, because
 * such items may contain Exif data of their own.
 */
const pictureTypes = /^(?:hvc1|av01|avc1|grid|iovl|iden|tmap)$/

const xmpType = 'application/rdf+xml'

/** `unseen`: a picture that has no part in what viewers show. */
export type ItemKind = 'picture' | 'unseen' | 'exif' | 'xmp'

export interface Items {
  kinds: ReadonlyMap<number, ItemKind>
  patches: Patch[]
}

/**
 * ISO/IEC 14496-12 §8.11.6: the list of items. Their names are blanked, and pictures that are not
 * among `shown` are marked as hidden, so that no viewer tries to show what will be blank.
 */
export async function readItems(
  reader: BlobReader,
  iinf: Box,
  shown: ReadonlySet<number>,
): Promise<Items> {
  const version = (await reader.cursor(iinf.body, 1)).uint(1)
  const kinds: [number, ItemKind][] = []
  const patches: Patch[] = []
  for (const box of await readBoxes(reader, iinf.body + (version === 0 ? 6 : 8), iinf.end)) {
    const entry = await reader.read(box.body, box.end - box.body)
    const { id, kind, patch } = readItem(entry, box)
    const isUnseen = kind === 'picture' && !shown.has(id)
    kinds.push([id, isUnseen ? 'unseen' : kind])
    patches.push(...(isUnseen ? [hide(entry, box)] : []), patch)
  }
  const items = { kinds: new Map(kinds), patches }
  if (items.kinds.size < kinds.length) throw malformed('the list of items')
  return items
}

/** ISO/IEC 23008-12 §6.4.2: bit 0 of the entry's flags. */
function hide(entry: Uint8Array, { body }: Box): Patch {
  return { start: body + 3, end: body + 4, content: Uint8Array.of((entry[3] ?? 0) | 1) }
}

function readItem(entry: Uint8Array, box: Box): { id: number; kind: ItemKind; patch: Patch } {
  const cursor = new ByteCursor(entry)
  const version = cursor.uint(1)
  cursor.take(3)
  if (box.type !== 'infe' || (version !== 2 && version !== 3))
    throw unsupported('an entry of the list of items')
  const id = cursor.uint(version === 2 ? 2 : 4)
  const isProtected = cursor.uint(2) !== 0
  const type = cursor.text(4)
  const start = box.body + cursor.at
  const [, contentType, encoding] = cursor.text(cursor.leftBytes).split('\0')
  const isXmp = type === 'mime' && contentType === xmpType && !encoding
  const kind = type === 'Exif' ? 'exif' : isXmp ? 'xmp' : 'picture'
  if (isProtected || (kind === 'picture' && !pictureTypes.test(type))) throw unsupported('an item')
  // An empty name, followed by the type of the content.
  return { id, kind, patch: { start, end: box.end, content: toBytes(isXmp ? `\0${xmpType}` : '') } }
}

/** The position of a part of an item: an offset in the file, or in `idat` if `isInMeta` is set. */
export interface Extent {
  id: number
  isInMeta: boolean
  start: number
  bytes: number
}

/** ISO/IEC 14496-12 §8.11.3: the positions of the items. */
export function readExtents(iloc: Uint8Array): Extent[] {
  const cursor = new ByteCursor(iloc)
  const version = cursor.uint(1)
  cursor.take(3)
  if (version > 2) throw unsupported('a list of positions')
  const sizes = [cursor.uint(1), cursor.uint(1)].flatMap((pair) => [pair >> 4, pair & 15])
  const [offsetBytes = 0, lengthBytes = 0, baseBytes = 0, indexBytes = 0] = sizes
  if (sizes.some((bytes) => bytes !== 0 && bytes !== 4 && bytes !== 8))
    throw malformed('a list of positions')
  const idBytes = version < 2 ? 2 : 4
  const extents: Extent[] = []
  for (let left = cursor.uint(idBytes); left > 0; left -= 1) {
    const id = cursor.uint(idBytes)
    const method = version === 0 ? 0 : cursor.uint(2)
    // The item is built from other items (method 2), or is stored in another file.
    if (method > 1 || cursor.uint(2) !== 0) throw unsupported('a position')
    const base = cursor.uint(baseBytes)
    for (let leftOfItem = cursor.uint(2); leftOfItem > 0; leftOfItem -= 1) {
      if (version > 0) cursor.take(indexBytes)
      extents.push({
        id,
        isInMeta: method === 1,
        start: base + cursor.uint(offsetBytes),
        bytes: cursor.uint(lengthBytes),
      })
      if (extents.length > maxParts)
        throw new CleaningError('TOO_LARGE', 'the list of positions is too long')
    }
  }
  return extents
}
