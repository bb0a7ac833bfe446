import type { Assembly } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { toBytes } from './bytes.ts'
import { CleaningError, malformed, unsupported } from './errors.ts'
import type { Box } from './heif-boxes.ts'
import { readTopBoxes } from './heif-boxes.ts'
import { cleanCoded } from './heif-coded.ts'
import { toFree } from './heif-free.ts'
import type { ItemKind } from './heif-items.ts'
import type { Meta } from './heif-meta.ts'
import { readMeta } from './heif-meta.ts'
import { ItemBytes } from './item-bytes.ts'
import type { Patch } from './patches.ts'
import { applyPatches } from './patches.ts'

/** The limit for boxes at the top level. Cameras write four or five. */
export const maxTopBoxes = 256

/**
 * Boxes of picture sequences, which contain times and places in further boxes, and boxes that may
 * occur only once.
 */
const refusedBoxes = /^(?:moov|moof|meco|ftyp|meta)$/

/**
 * Replacements for items that stay listed but must become empty: a TIFF header with an empty
 * directory, an empty XMP document, and nothing.
 */
const emptied = {
  exif: { content: toBytes('\0\0\0\0MM\0*\0\0\0\x08') },
  xmp: { content: toBytes("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"), fill: 0x20 },
  unseen: {},
}

interface Placed {
  id: number
  kind: ItemKind
  region: Box
  start: number
  end: number
}

/**
 * Cleans HEIC and AVIF (ISO/IEC 23008-12, ISO/IEC 14496-12). Nothing is moved, because offsets
 * occur everywhere: bytes that belong to no picture, or to one that viewers do not show, are
 * overwritten, and everything after the last
 * needed part is cut off.
 */
export async function cleanHeif(reader: BlobReader): Promise<Assembly> {
  // The first box lists brands, from which the kind of the file was determined.
  const [ftyp, ...boxes] = await readTopBoxes(reader)
  const meta = boxes.find(({ type }) => type === 'meta')
  if (boxes.length > maxTopBoxes)
    throw new CleaningError('TOO_LARGE', `the picture has over ${maxTopBoxes} boxes`)
  if (ftyp === undefined || meta === undefined) throw malformed('the picture')
  if (boxes.some((box) => box !== meta && refusedBoxes.test(box.type)))
    throw unsupported('a sequence')
  const description = await readMeta(reader, meta)
  const extents = placeExtents(
    description,
    boxes.filter(({ type }) => type === 'mdat'),
  )
  const regions = [...new Set([...description.idat, ...extents.map(({ region }) => region)])]
  const needed = [ftyp, meta, ...regions]
  const patches = [
    ...description.patches,
    ...regions.flatMap((region) =>
      blankBetween(
        region,
        extents.filter((extent) => extent.region === region),
      ),
    ),
    ...(await cleanPictures(reader, extents, description)),
    ...boxes.filter((box) => !needed.includes(box)).flatMap(toFree),
  ]
  return await applyPatches(reader, patches, Math.max(...needed.map(({ end }) => end)))
}

/** Finds the region of each extent. */
function placeExtents({ kinds, extents, idat }: Meta, mdats: readonly Box[]): Placed[] {
  return extents.map(({ id, isInMeta, start, bytes }) => {
    const kind = kinds.get(id)
    const from = start + (isInMeta ? (idat[0]?.body ?? 0) : 0)
    const region = (isInMeta ? idat : mdats).find(
      (box) => from >= box.body && from + bytes <= box.end,
    )
    // A length of zero could mean either everything or nothing.
    if (kind === undefined || region === undefined || bytes === 0) throw malformed('a position')
    return { id, kind, region, start: from, end: from + bytes }
  })
}

/** Blanks what decoders skip in the pictures that are shown. Pictures may share bytes. */
async function cleanPictures(
  reader: BlobReader,
  extents: readonly Placed[],
  { codings, kinds }: Meta,
): Promise<Patch[]> {
  const rangesOf = new Map<number, Placed[]>()
  for (const extent of extents) {
    const ranges = rangesOf.get(extent.id)
    if (ranges === undefined) rangesOf.set(extent.id, [extent])
    else ranges.push(extent)
  }
  const patches = new Map<number, Patch>()
  for (const [item, coding] of codings) {
    if (kinds.get(item) !== 'picture') continue
    const content = new ItemBytes(reader, rangesOf.get(item) ?? [])
    for (const patch of await cleanCoded(content, coding)) patches.set(patch.start, patch)
  }
  return [...patches.values()]
}

/** Overwrites all bytes of a region that do not belong to a picture. */
function blankBetween(region: Box, extents: readonly Placed[]): Patch[] {
  const patches: Patch[] = []
  let at = region.body
  let hiddenEnd = at
  for (const { kind, start, end } of extents.toSorted((a, b) => a.start - b.start)) {
    // Pictures may share bytes. Bytes shared by a picture and an item to be hidden could be neither
    // kept nor blanked.
    if (start < (kind === 'picture' ? hiddenEnd : at)) throw malformed('a position')
    if (start > at) patches.push({ start: at, end: start })
    if (kind !== 'picture') {
      hiddenEnd = end
      patches.push({ start, end, ...emptied[kind] })
    }
    at = Math.max(at, end)
  }
  return at < region.end ? [...patches, { start: at, end: region.end }] : patches
}
