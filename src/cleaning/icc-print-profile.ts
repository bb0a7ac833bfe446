import { toBytes, toUint32 } from './bytes.ts'
import { malformed } from './errors.ts'
import { entryBytes, headerBytes, type IccElement, readElements } from './icc-elements.ts'

/**
 * ICC.1:2022 §7.2: the header fields to keep: version, class, colour spaces, signature, intent and
 * illuminant. Left out are the date of the profile, the device's maker, model and attributes, the
 * program that made the profile, and its digest.
 */
const keptHeader: readonly (readonly [start: number, end: number])[] = [
  [0, 4],
  [8, 24],
  [36, 40],
  [64, 80],
]

/**
 * Tags needed to convert colours. Profiles of screens and scanners also contain serial numbers
 * (`mmod`, `meta`), dated measurements (`targ`) and the calibration of one device (`vcgt`).
 */
const colourTags =
  /^(?:[rgb]XYZ|[rgbk]TRC|wtpt|bkpt|chad|cicp|A2B[0-3]|B2A[0-3]|D2B[0-3]|B2D[0-3])$/
const colourTypes = /^(?:XYZ |curv|para|sf32|cicp|mft1|mft2|mAB |mBA |mpet)$/

/**
 * Tags that every profile must have (§8.2), although colours need no text. They are kept with an
 * empty text.
 */
const textTags = /^(?:desc|cprt)$/
const emptyTexts: Readonly<Record<string, { start: string; bytes: number }>> = {
  // One character, which ends the text, followed by empty Unicode and Macintosh texts
  // (ICC.1:2001-04 §6.5.17).
  desc: { start: 'desc\0\0\0\0\0\0\0\x01', bytes: 90 },
  text: { start: 'text', bytes: 9 },
  // One record in English with no bytes (ICC.1:2022 §10.15).
  mluc: { start: 'mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\0\0\0\0\x1c', bytes: 28 },
}

interface Tag {
  name: string
  start: number
  end: number
  /** The new content of the element. */
  content: Uint8Array
}

/**
 * Returns a profile of the same length that contains only what defines the colours. Only pictures
 * for printing keep such a profile: without its tables their colours would change visibly, and no
 * standard profile can replace them.
 *
 * @throws CleaningError `MALFORMED`
 */
export function cleanPrintProfile(profile: Uint8Array): Uint8Array<ArrayBuffer> {
  const elements = readElements(profile)
  const tags = elements.flatMap(toTag)
  const cleaned = new Uint8Array(profile.length)
  for (const [start, end] of keptHeader) cleaned.set(profile.subarray(start, end), start)
  writeTags(cleaned, tags)
  return cleaned
}

function toTag({ name, type, start, content }: IccElement): Tag[] {
  const end = start + content.length
  if (colourTags.test(name) && colourTypes.test(type)) return [{ name, start, end, content }]
  const empty = textTags.test(name) ? emptyTexts[type] : undefined
  return empty !== undefined && content.length >= empty.bytes
    ? [{ name, start, end, content: toBytes(empty.start) }]
    : []
}

function writeTags(cleaned: Uint8Array, tags: readonly Tag[]): void {
  cleaned.set(toUint32(tags.length), headerBytes)
  for (const [i, { name, start, end, content }] of tags.entries()) {
    // Several tags may share one element. Elements that overlap partly are refused, because a text
    // could be hidden inside colour data.
    if (
      tags.some(
        (other) =>
          other.start < end &&
          start < other.end &&
          (other.start !== start || other.content.length !== content.length),
      )
    ) {
      throw malformed('a colour profile')
    }
    const entry = headerBytes + 4 + i * entryBytes
    cleaned.set(toBytes(name), entry)
    cleaned.set(toUint32(start), entry + 4)
    cleaned.set(toUint32(end - start), entry + 8)
    cleaned.set(content, start)
  }
}
