import type { BlobReader } from './blob-reader.ts'
import { unsupported } from './errors.ts'
import type { Box } from './heif-boxes.ts'
import { readBoxes } from './heif-boxes.ts'
import { standardFor } from './icc-profile.ts'
import { toFree } from './heif-free.ts'
import { readAssociations } from './heif-references.ts'
import type { Patch } from './patches.ts'

/**
 * Properties that affect what is shown: sizes, decoder settings, orientation and light (ISO/IEC
 * 23008-12 §6.5, ISO/IEC 23000-22 and AV1-ISOBMFF).
 */
const shownProperties =
  /^(?:ispe|pixi|irot|imir|clap|pasp|rloc|lsel|hvcC|av1C|avcC|a1op|a1lx|auxC|clli|mdcv|cclv|amve|ndwt)$/

/**
 * Names and descriptions, times of creation and change, and vendors' additions. Each is valid and
 * says nothing when filled with zeros.
 */
const blankedProperties = /^(?:udes|altt|crtt|mdft|uuid|free|skip)$/

/** Properties are referred to by their index, so none may be removed or moved. */
export async function cleanProperties(reader: BlobReader, iprp: Box): Promise<Patch[]> {
  const patches: Patch[] = []
  const dropped = new Set<number>()
  const boxes = await readBoxes(reader, iprp.body, iprp.end)
  for (const box of boxes) {
    if (box.type === 'ipco') patches.push(...(await cleanContainer(reader, box, dropped)))
    else if (box.type !== 'ipma') throw unsupported('a box')
  }
  for (const { type, body, end } of boxes)
    if (type === 'ipma')
      for (const { at, index, firstByte } of readAssociations(await reader.read(body, end - body)))
        if (dropped.has(index)) patches.push(makeOptional(body + at, firstByte))
  return patches
}

/** @param dropped collects the index, counted from 1, of each property that becomes free space. */
async function cleanContainer(
  reader: BlobReader,
  ipco: Box,
  dropped: Set<number>,
): Promise<Patch[]> {
  const patches: Patch[] = []
  for (const [i, box] of (await readBoxes(reader, ipco.body, ipco.end)).entries()) {
    if (blankedProperties.test(box.type)) patches.push({ start: box.body, end: box.end })
    else if (box.type === 'colr') {
      const colour = await cleanColour(reader, box)
      if (colour === null) dropped.add(i + 1)
      patches.push(...(colour ?? toFree(box)))
    } else if (!shownProperties.test(box.type)) throw unsupported('a property')
  }
  return patches
}

/** @returns null if the colour has to be dropped. */
async function cleanColour(reader: BlobReader, { body, end }: Box): Promise<Patch[] | null> {
  const type = (await reader.cursor(body, 4)).text(4)
  if (/^ncl[xc]$/.test(type) && end - body <= 11) return []
  if (!/^(?:prof|rICC)$/.test(type)) throw unsupported('a colour')
  const start = body + 4
  const standard = standardFor(await reader.read(start, end - start))
  // A standard profile takes some 400 bytes, and nearly all others are longer.
  if (standard === null || standard.length > end - start) return null
  return [{ start, end, content: standard }]
}

/**
 * ISO/IEC 14496-12 §8.11.14: viewers refuse a picture that has an essential property without
 * meaning, so the property must not be marked as essential.
 */
function makeOptional(at: number, firstByte: number): Patch {
  return { start: at, end: at + 1, content: Uint8Array.of(firstByte & 0x7f) }
}
