import type { BlobReader } from './blob-reader.ts'
import { windowBytes } from './blob-reader.ts'
import { ByteCursor } from './byte-cursor.ts'
import { CleaningError, malformed, unsupported } from './errors.ts'

/** ITU-T T.81, table B.1: the second byte of a marker, after 0xff. */
export const eoi = 0xd9
const soi = 0xd8
const sos = 0xda

/** A large picture has hundreds, because depth maps are stored as XMP segments of 64 KiB each. */
const maxSegments = 20_000

export interface Segment {
  marker: number
  /** The offset of the marker. Fill bytes before it belong to no segment. */
  start: number
  /** The offset of the parameters, after the length field. */
  body: number
  bodyEnd: number
  /** For a scan, the offset after its last coded byte. */
  end: number
}

/**
 * Reads all segments up to the end of the picture. Additional pictures, videos and vendors' data
 * may follow there. Like libjpeg, skips anything between two segments. A picture whose scans have
 * begun also ends at the end of the file, or where another picture starts.
 * @returns the last segment is the end marker, with no bytes where the file has none.
 * @throws CleaningError
 */
export async function readSegments(reader: BlobReader): Promise<Segment[]> {
  const segments: Segment[] = []
  let hasScan = false
  // The first two bytes are SOI, from which the kind of the file was determined.
  for (let at = 2; segments.length < maxSegments; ) {
    const found = await findMarker(reader, at)
    const segment: Segment | null =
      found === null ? null : await readSegment(reader, found, hasScan)
    if (segment === null) return checkOrder([...segments, missingEnd(found?.start ?? at)])
    if (!hasNoParameters(segment.marker)) segments.push(segment)
    if (segment.marker === eoi) return checkOrder(segments)
    hasScan ||= segment.marker === sos
    at = segment.end
  }
  throw new CleaningError('TOO_LARGE', `the picture has over ${maxSegments} segments`)
}

function missingEnd(at: number): Segment {
  return { marker: eoi, start: at, body: at, bodyEnd: at, end: at }
}

/**
 * Checks that there is one frame, followed by its scans (§B.2). Hierarchical pictures have several
 * frames, but viewers do not show them.
 */
function checkOrder(segments: Segment[]): Segment[] {
  const order = segments
    .map(({ marker }) => (isFrame(marker) ? 'F' : marker === sos ? 'S' : ''))
    .join('')
  if (!/^FS+$/.test(order)) throw malformed('the order of segments')
  return segments
}

interface Marker {
  marker: number
  /** The offset of its 0xff. */
  start: number
}

/** @returns null where the picture ends without saying so. */
async function readSegment(
  reader: BlobReader,
  { marker, start }: Marker,
  hasScanBefore: boolean,
): Promise<Segment | null> {
  const body = start + 4
  if (marker === eoi || hasNoParameters(marker))
    return { marker, start, body: start + 2, bodyEnd: start + 2, end: start + 2 }
  if (hasScanBefore && (marker === soi || body > reader.bytes)) return null
  const lengthBytes = 2
  const bytes = (await reader.cursor(start + 2, lengthBytes)).uint(lengthBytes)
  // Like libjpeg, which skips no bytes where the length of such a segment is too small.
  const bodyEnd = start + 2 + (isDroppable(marker) ? Math.max(bytes, lengthBytes) : bytes)
  if (bodyEnd < body) throw malformed('the length of a segment')
  if (hasScanBefore && bodyEnd > reader.bytes) return null
  const parameters = await reader.read(body, bodyEnd - body)
  if (!isDroppable(marker) && !isWellFormed(marker, parameters)) throw malformed('a segment')
  const end = marker === sos ? await findEndOfScan(reader, bodyEnd) : bodyEnd
  return { marker, start, body, bodyEnd, end }
}

/** TEM, and restart markers, which mean nothing outside a scan. */
function hasNoParameters(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
}

/** The next marker (§B.1.1.2), or null if there is none before the end of the file. */
async function findMarker(reader: BlobReader, from: number): Promise<Marker | null> {
  const isMarker = (second: number) => second !== 0 && second !== 0xff
  // In a picture without faults the marker is right here, and no window is read for it.
  const isHere = from + 2 <= reader.bytes && indexOfPair(await reader.read(from, 2), isMarker) === 0
  const start = isHere ? from : await findBytes(reader, from, isMarker)
  return start === null ? null : { start, marker: (await reader.cursor(start + 1, 1)).uint(1) }
}

/** Application segments and comments, which are not needed for decoding. */
function isDroppable(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe
}

/** SOF0 to SOF15. The range also contains DHT, JPG and DAC, which are no frames. */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/**
 * Whether a segment needed for decoding (§B.2.2 to §B.2.5) contains exactly what it is for, with no
 * bytes left over.
 */
function isWellFormed(marker: number, parameters: Uint8Array): boolean {
  const cursor = new ByteCursor(parameters)
  if (isFrame(marker))
    return parameters.length === 6 + 3 * new ByteCursor(parameters, { at: 5 }).uint(1)
  switch (marker) {
    case sos:
      return parameters.length === 4 + 2 * cursor.uint(1)
    case 0xdb: // Quantisation tables, of 8 or 16 bits
      while (cursor.leftBytes > 0) cursor.take(cursor.uint(1) < 16 ? 64 : 128)
      return true
    case 0xc4: // Huffman tables
      while (cursor.leftBytes > 0)
        cursor.take(cursor.take(17).reduce((sum, count, i) => (i === 0 ? 0 : sum + count), 0))
      return true
    case 0xcc:
      return parameters.length % 2 === 0 // Arithmetic conditioning
    case 0xdc:
    case 0xdd:
      return parameters.length === 2 // Number of lines, restart interval
    default:
      throw unsupported('a segment')
  }
}

/**
 * §B.1.1.5: coded data ends at a marker that is neither a stuffed zero nor a restart marker. Where
 * the file was cut, it ends with the last byte that is no part of a marker.
 */
async function findEndOfScan(reader: BlobReader, start: number): Promise<number> {
  const isEnd = (second: number) =>
    second !== 0 && second !== 0xff && (second < 0xd0 || second > 0xd7)
  const end = await findBytes(reader, start, isEnd)
  if (end !== null) return end
  const last = Math.max(start, reader.bytes - 1)
  const isHalfMarker = last < reader.bytes && (await reader.read(last, 1))[0] === 0xff
  return isHalfMarker ? last : reader.bytes
}

/** The offset of the first 0xff whose next byte matches, or null. */
async function findBytes(
  reader: BlobReader,
  from: number,
  isMatch: (second: number) => boolean,
): Promise<number | null> {
  for (let at = from; at + 1 < reader.bytes; ) {
    const piece = await reader.read(at, Math.min(windowBytes, reader.bytes - at))
    const found = indexOfPair(piece, isMatch)
    if (found >= 0) return at + found
    // A pair may span two pieces, so the last byte is read again.
    at += piece.length - 1
  }
  return null
}

function indexOfPair(bytes: Uint8Array, isMatch: (second: number) => boolean): number {
  for (
    let at = bytes.indexOf(0xff);
    at >= 0 && at + 1 < bytes.length;
    at = bytes.indexOf(0xff, at + 1)
  ) {
    const second = bytes[at + 1]
    if (second !== undefined && isMatch(second)) return at
  }
  return -1
}
