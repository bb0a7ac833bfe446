import type { BlobReader } from './blob-reader.ts'
import { windowBytes } from './blob-reader.ts'
import { ByteCursor } from './byte-cursor.ts'
import { CleaningError, malformed, unsupported } from './errors.ts'

/** ITU-T T.81, table B.1: the second byte of a marker, after 0xff. */
export const eoi = 0xd9
const sos = 0xda

/** A large picture has hundreds, because depth maps are stored as XMP segments of 64 KiB each. */
const maxSegments = 20_000

/**
 * §B.1.1.2: any number of 0xff bytes may precede a marker. Some cameras use them to align segments.
 */
const maxFillBytes = 64 * 1024

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
 * may follow there.
 *
 * @throws CleaningError
 */
export async function readSegments(reader: BlobReader): Promise<Segment[]> {
  const segments: Segment[] = []
  // The first two bytes are SOI, from which the kind of the file was determined.
  for (let at = 2; segments.length < maxSegments; ) {
    const segment = await readSegment(reader, at)
    segments.push(segment)
    if (segment.marker === eoi) return checkOrder(segments)
    at = segment.end
  }
  throw new CleaningError('TOO_LARGE', `the picture has over ${maxSegments} segments`)
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

async function readSegment(reader: BlobReader, at: number): Promise<Segment> {
  const start = await skipFill(reader, at)
  const marker = (await reader.cursor(start + 1, 1)).uint(1)
  if (marker === eoi) return { marker, start, body: start + 2, bodyEnd: start + 2, end: start + 2 }
  const body = start + 4
  const bodyEnd = start + 2 + (await reader.cursor(start + 2, 2)).uint(2)
  if (bodyEnd < body) throw malformed('the length of a segment')
  const parameters = await reader.read(body, bodyEnd - body)
  if (!isDroppable(marker) && !isWellFormed(marker, parameters)) throw malformed('a segment')
  return {
    marker,
    start,
    body,
    bodyEnd,
    end: marker === sos ? await findEndOfScan(reader, bodyEnd) : bodyEnd,
  }
}

async function skipFill(reader: BlobReader, at: number): Promise<number> {
  const ahead = await reader.read(at, Math.min(maxFillBytes, reader.bytes - at))
  const marker = ahead.findIndex((byte) => byte !== 0xff)
  if (marker < 1) throw malformed('a marker')
  return at + marker - 1
}

/** Application segments and comments, which are not needed for decoding. */
function isDroppable(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe
}

/** SOF0 to SOF15. The range also contains DHT, JPG and DAC, which are no frames. */
function isFrame(marker: number): boolean {
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

/** §B.1.1.5: coded data ends at a marker that is neither a stuffed zero nor a restart marker. */
async function findEndOfScan(reader: BlobReader, start: number): Promise<number> {
  for (let at = start; at + 1 < reader.bytes; ) {
    const piece = await reader.read(at, Math.min(windowBytes, reader.bytes - at))
    const marker = indexOfMarker(piece)
    if (marker >= 0) return at + marker
    // A marker may span two pieces, so the last byte is read again.
    at += piece.length - 1
  }
  throw malformed('the end of the picture')
}

function indexOfMarker(coded: Uint8Array): number {
  for (
    let at = coded.indexOf(0xff);
    at >= 0 && at + 1 < coded.length;
    at = coded.indexOf(0xff, at + 1)
  ) {
    const next = coded[at + 1]
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  return -1
}
