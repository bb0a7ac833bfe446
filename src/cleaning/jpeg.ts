import { concat } from '../age/bytes.ts'
import { Assembly } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { maxPieceBytes } from './blob-reader.ts'
import { ByteCursor } from './byte-cursor.ts'
import { toBytes } from './bytes.ts'
import { CleaningError, ifUnusable } from './errors.ts'
import { readColourSpace } from './icc-elements.ts'
import { cleanPrintProfile } from './icc-print-profile.ts'
import { standardFor } from './icc-profile.ts'
import type { Segment } from './jpeg-segments.ts'
import { eoi, isFrame, readSegments } from './jpeg-segments.ts'
import { readOrientation, upright, writeOrientation } from './orientation.ts'

/**
 * APP0, APP1, APP2 and APP14. Other application segments and comments are not needed to show the
 * picture.
 */
const app0 = 0xe0
const app1 = 0xe1
const app2 = 0xe2
const app14 = 0xee
const isOptional = (marker: number): boolean =>
  (marker >= app0 && marker <= 0xef) || marker === 0xfe

/** Ends a picture that was cut off. Everything after it is dropped. */
const endOfImage = Uint8Array.of(0xff, eoi)

/**
 * ICC.1:2022 §B.4: the name, followed by the number of this piece (from 1) and the number of
 * pieces.
 */
const iccName = 'ICC_PROFILE\0'
const iccHeaderBytes = iccName.length + 2

/**
 * Cleans JPEG (ITU-T T.81, T.871 for JFIF, T.872 for Adobe). Also removes thumbnails, additional
 * pictures, junk between segments and data after the end.
 */
export async function cleanJpeg(reader: BlobReader): Promise<Assembly> {
  const segments = await readSegments(reader)
  const { bodies, keepsPrintProfile } = await rewriteProfile(reader, segments)
  const rewritten = new Map([...bodies, ...(await rewriteOthers(reader, segments))])
  const assembly = new Assembly()
  assembly.keepsPrintProfile = keepsPrintProfile
  assembly.keep(0, 2)
  for (const segment of segments) {
    const body = rewritten.get(segment)
    if (body !== undefined)
      await assembly.replace(reader, segment.start, segment.end, toSegment(segment.marker, body))
    else if (segment.end === segment.start) assembly.put(endOfImage)
    else if (!isOptional(segment.marker)) assembly.keep(segment.start, segment.end)
  }
  return assembly
}

function toSegment(marker: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = body.length + 2
  return concat(Uint8Array.of(0xff, marker, bytes >> 8, bytes), body)
}

type Bodies = [Segment, Uint8Array][]

async function rewriteOthers(reader: BlobReader, segments: readonly Segment[]): Promise<Bodies> {
  const bodies: Bodies = []
  let isTurned = false
  for (const segment of segments) {
    const { marker, body, bodyEnd } = segment
    if (marker !== app0 && marker !== app1 && marker !== app14) continue
    const kept = reduce(marker, await reader.read(body, bodyEnd - body))
    // Viewers use the first orientation they find.
    if (kept === null || (marker === app1 && isTurned)) continue
    isTurned ||= marker === app1
    bodies.push([segment, kept])
  }
  return bodies
}

/** The part of a segment that is needed to show the picture; null if there is none. */
function reduce(marker: number, body: Uint8Array): Uint8Array | null {
  const name = String.fromCharCode(...body.subarray(0, 6))
  // JFIF: version and density, but no thumbnail. Adobe: the coding of colours.
  if (marker === app0)
    return name.startsWith('JFIF\0') && body.length >= 14
      ? concat(body.subarray(0, 12), new Uint8Array(2))
      : null
  if (marker === app14)
    return name.startsWith('Adobe') && body.length >= 12 ? body.subarray(0, 12) : null
  const orientation = name === 'Exif\0\0' ? readOrientation(body) : upright
  return orientation === upright ? null : writeOrientation(orientation, { hasPrefix: true })
}

interface ProfilePiece {
  segment: Segment
  number: number
  count: number
  content: Uint8Array
}

/** A profile whose pieces are not complete is dropped, because no viewer uses it. */
async function rewriteProfile(
  reader: BlobReader,
  segments: readonly Segment[],
): Promise<{ bodies: Bodies; keepsPrintProfile: boolean }> {
  const pieces = (await readPieces(reader, segments)).sort(
    (left, right) => left.number - right.number,
  )
  const [first] = pieces
  const isComplete = pieces.every(
    ({ number, count }, i) => number === i + 1 && count === pieces.length,
  )
  if (first === undefined || !isComplete) return { bodies: [], keepsPrintProfile: false }
  const profile = concat(...pieces.map(({ content }) => content))
  if (profile.length > maxPieceBytes)
    throw new CleaningError('TOO_LARGE', 'the colour profile is too large')
  const printProfile = (await countComponents(reader, segments)) === 4 ? toPrint(profile) : null
  if (printProfile !== null)
    return { bodies: splitProfile(pieces, printProfile), keepsPrintProfile: true }
  const standard = standardFor(profile)
  const bodies: Bodies = standard === null ? [] : [[first.segment, toProfileBody(1, 1, standard)]]
  return { bodies, keepsPrintProfile: false }
}

async function readPieces(
  reader: BlobReader,
  segments: readonly Segment[],
): Promise<ProfilePiece[]> {
  const pieces: ProfilePiece[] = []
  for (const segment of segments) {
    const { marker, body, bodyEnd } = segment
    if (marker !== app2 || bodyEnd - body < iccHeaderBytes) continue
    const cursor = new ByteCursor(await reader.read(body, bodyEnd - body))
    if (cursor.text(iccName.length) !== iccName) continue
    pieces.push({
      segment,
      number: cursor.uint(1),
      count: cursor.uint(1),
      content: cursor.take(cursor.leftBytes),
    })
  }
  return pieces
}

/** ITU-T T.81 §B.2.2: three for colours, one for grey, and four for printing. */
async function countComponents(reader: BlobReader, segments: readonly Segment[]): Promise<number> {
  const frame = segments.find(({ marker }) => isFrame(marker))
  return frame === undefined ? 0 : (await reader.cursor(frame.body + 5, 1)).uint(1)
}

/** @returns null for a profile that is damaged, or is not one for printing. */
function toPrint(profile: Uint8Array): Uint8Array<ArrayBuffer> | null {
  try {
    return readColourSpace(profile) === 'CMYK' ? cleanPrintProfile(profile) : null
  } catch (error) {
    return ifUnusable(error, null)
  }
}

function splitProfile(pieces: readonly ProfilePiece[], profile: Uint8Array): Bodies {
  const cursor = new ByteCursor(profile)
  return pieces.map(({ segment, number, count, content }) => [
    segment,
    toProfileBody(number, count, cursor.take(content.length)),
  ])
}

function toProfileBody(number: number, count: number, content: Uint8Array): Uint8Array {
  return concat(toBytes(iccName), Uint8Array.of(number, count), content)
}
