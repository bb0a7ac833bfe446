import type { Assembly } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { toBytes } from './bytes.ts'
import { CleaningError, malformed, unsupported } from './errors.ts'
import type { Box } from './heif-boxes.ts'
import { readBoxes } from './heif-boxes.ts'
import type { ItemKind } from './heif-items.ts'
import type { Meta } from './heif-meta.ts'
import { readMeta, toFree } from './heif-meta.ts'
import type { Patch } from './patches.ts'
import { applyPatches } from './patches.ts'

/** Cameras write four or five. */
export const maxTopBoxes = 256

/** A sequence of pictures has times and places elsewhere, too. */
const ofSequence = /^(?:moov|moof|meco|ftyp|meta)$/

/**
 * For items that are listed and hold nothing any more: an offset, a TIFF header, a directory
 * without entries; an empty tree and blanks.
 */
const emptyExif = { content: toBytes('\0\0\0\0MM\0*\0\0\0\x08') }
const emptyXmp = { content: toBytes("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"), fill: 0x20 }

interface Placed {
  kind: ItemKind
  region: Box
  start: number
  end: number
}

/**
 * HEIC and AVIF (ISO/IEC 23008-12, ISO/IEC 14496-12). Nothing is moved, since offsets are
 * everywhere: what is no part of a picture is overwritten, and what comes after the last part is
 * cut off.
 */
export async function cleanHeif(reader: BlobReader): Promise<Assembly> {
  // The first box, by which the kind was told, holds brands.
  const [ftyp, ...boxes] = await readBoxes(reader, 0, reader.bytes)
  const meta = boxes.find(({ type }) => type === 'meta')
  if (boxes.length > maxTopBoxes)
    throw new CleaningError('TOO_LARGE', `a picture of over ${maxTopBoxes} boxes`)
  if (ftyp === undefined || meta === undefined) throw malformed('the picture')
  if (boxes.some((box) => box !== meta && ofSequence.test(box.type)))
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
    ...boxes.filter((box) => !needed.includes(box)).flatMap(toFree),
  ]
  return await applyPatches(reader, patches, Math.max(...needed.map(({ end }) => end)))
}

/** In the order of the file. */
function placeExtents({ kinds, extents, idat }: Meta, mdats: readonly Box[]): Placed[] {
  return extents
    .map(({ id, isInMeta, start, bytes }) => {
      const kind = kinds.get(id)
      const from = start + (isInMeta ? (idat[0]?.body ?? 0) : 0)
      const region = (isInMeta ? idat : mdats).find(
        (box) => from >= box.body && from + bytes <= box.end,
      )
      // No bytes: all there are, or none.
      if (kind === undefined || region === undefined || bytes === 0) throw malformed('a place')
      return { kind, region, start: from, end: from + bytes }
    })
    .sort((left, right) => left.start - right.start)
}

/** Everything in a region but pictures. */
function blankBetween(region: Box, extents: readonly Placed[]): Patch[] {
  const patches: Patch[] = []
  let at = region.body
  let hiddenEnd = at
  for (const { kind, start, end } of extents) {
    // Pictures may share bytes. What were both shown and hidden could be neither kept nor blanked.
    if (start < (kind === 'picture' ? hiddenEnd : at)) throw malformed('a place')
    if (start > at) patches.push({ start: at, end: start })
    if (kind !== 'picture') {
      hiddenEnd = end
      patches.push({ start, end, ...(kind === 'exif' ? emptyExif : emptyXmp) })
    }
    at = Math.max(at, end)
  }
  return at < region.end ? [...patches, { start: at, end: region.end }] : patches
}
