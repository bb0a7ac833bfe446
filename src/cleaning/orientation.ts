import { concat } from '../age/bytes.ts'
import { toBytes } from './bytes.ts'
import { ByteCursor } from './byte-cursor.ts'
import { ifUnusable } from './errors.ts'

/** TIFF 6.0 §2 and Exif 2.32 §4.6: the tag for the orientation of a picture. */
const orientationTag = 0x0112
const shortType = 3

/** The default orientation: the picture is shown as it is stored. */
export const upright = 1

/**
 * The first directory, which has the tag, is near the start; makers' notes and thumbnails follow
 * it.
 */
export const maxExifBytes = 64 * 1024

/** Precedes the TIFF header in JPEG and in some WebP files. */
const exifPrefix = 'Exif\0\0'

/**
 * The orientation of the picture, from 2 to 8, or {@link upright} if none can be read. Damaged Exif
 * data does no harm, because all of it is removed.
 */
export function readOrientation(exif: Uint8Array): number {
  try {
    return findOrientation(exif)
  } catch (error) {
    return ifUnusable(error, upright)
  }
}

function findOrientation(exif: Uint8Array): number {
  const tiff = exif.subarray(
    new ByteCursor(exif).text(exifPrefix.length) === exifPrefix ? exifPrefix.length : 0,
  )
  const order = new ByteCursor(tiff).text(2)
  const isLittleEndian = order === 'II'
  const header = new ByteCursor(tiff, { at: 2, isLittleEndian })
  if ((order !== 'MM' && !isLittleEndian) || header.uint(2) !== 42) return upright
  const entries = new ByteCursor(tiff, { at: header.uint(4), isLittleEndian })
  for (let left = entries.uint(2); left > 0; left -= 1) {
    const [tag, type, , value] = [
      entries.uint(2),
      entries.uint(2),
      entries.uint(4),
      entries.uint(2),
      entries.uint(2),
    ]
    if (tag === orientationTag && type === shortType)
      return value > upright && value <= 8 ? value : upright
  }
  return upright
}

/** A TIFF header and one directory with one entry: 26 bytes. */
export function writeOrientation(
  orientation: number,
  { hasPrefix }: { hasPrefix: boolean },
): Uint8Array<ArrayBuffer> {
  const directory = `\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}\0\0\0\0\0\0`
  return concat(toBytes(hasPrefix ? exifPrefix : ''), toBytes(`MM\0*\0\0\0\x08${directory}`))
}
