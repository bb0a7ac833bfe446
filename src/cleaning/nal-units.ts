import { ByteCursor } from './byte-cursor.ts'

/** How the units of a coded picture are told apart (ITU-T H.264 §7.3.1, H.265 §7.3.1). */
export interface NalFormat {
  headerBytes: 1 | 2
  /** Whether decoders need the unit: slices and parameter sets, but no remarks of the encoder. */
  isNeeded: (header: Uint8Array) => boolean
  isRemark: (header: Uint8Array) => boolean
}

const hevcType = (header: Uint8Array): number => ((header[0] ?? 0) >> 1) & 0x3f
const avcType = (header: Uint8Array): number => (header[0] ?? 0) & 0x1f

/** §7.4.2.2: a layer above the first is another picture, such as depth, which decoders skip. */
const hevcLayer = (header: Uint8Array): number =>
  (((header[0] ?? 0) & 1) << 5) | ((header[1] ?? 0) >> 3)

export const hevc: NalFormat = {
  headerBytes: 2,
  // H.265 table 7-1: 0 to 21 are slices, 32 to 36 parameter sets and delimiters.
  isNeeded: (header) =>
    hevcLayer(header) === 0 &&
    (hevcType(header) <= 21 || (hevcType(header) >= 32 && hevcType(header) <= 36)),
  isRemark: (header) => hevcType(header) === 39 || hevcType(header) === 40,
}

export const avc: NalFormat = {
  headerBytes: 1,
  // H.264 table 7-1: 1 to 5 are slices, 7 to 11 and 13 parameter sets and delimiters.
  isNeeded: (header) => [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13].includes(avcType(header)),
  isRemark: (header) => avcType(header) === 6,
}

/** What to write over a unit that decoders do not need, after its header. */
export function blankUnit(format: NalFormat, header: Uint8Array, bytes: number): Uint8Array {
  return format.isRemark(header) && bytes > 2 ? fillRemark(bytes) : fillData(bytes)
}

/** H.265 §7.3.2.7: ones, and the bit that ends a unit. */
function fillData(bytes: number): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(bytes).fill(0xff)
  if (bytes > 0) filled[bytes - 1] = 0x80
  return filled
}

/**
 * Supplemental enhancement information in which encoders write their name and settings. It becomes
 * a message of the type "filler payload" (H.265 §D.2.4) of the same size.
 */
function fillRemark(bytes: number): Uint8Array<ArrayBuffer> {
  const filled = fillData(bytes)
  // §7.3.5: a size is written as any number of 255s and the rest. One byte may be left over where
  // another 255 becomes necessary; then an empty message stands first.
  const left = bytes - 2
  const sizeBytes = Math.floor((left - 1) / 256) + 1
  const payload = left - sizeBytes
  if (Math.floor(payload / 255) + 1 !== sizeBytes) {
    filled.set([fillerPayload, 0])
    filled.set(fillRemark(bytes - 2), 2)
    return filled
  }
  filled.set([fillerPayload])
  filled[sizeBytes] = payload % 255
  return filled
}

const fillerPayload = 3

/** Positions of the units inside `hvcC`, and of what follows them (ISO/IEC 14496-15 §8.3.3.1). */
export function readHevcConfiguration(content: Uint8Array): {
  lengthBytes: number
  units: { start: number; end: number }[]
  end: number
} {
  const cursor = new ByteCursor(content, { at: 21 })
  const lengthBytes = (cursor.uint(1) & 3) + 1
  const units: { start: number; end: number }[] = []
  for (let arrays = cursor.uint(1); arrays > 0; arrays -= 1) {
    cursor.take(1)
    for (let left = cursor.uint(2); left > 0; left -= 1) {
      const bytes = cursor.uint(2)
      units.push({ start: cursor.at, end: cursor.at + bytes })
      cursor.take(bytes)
    }
  }
  return { lengthBytes, units, end: cursor.at }
}
