import type { BlobReader } from './blob-reader.ts'
import { unsupported } from './errors.ts'
import type { Box } from './heif-boxes.ts'
import { readBoxes } from './heif-boxes.ts'
import { cleanIccProfile } from './icc-profile.ts'
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
  for (const box of await readBoxes(reader, iprp.body, iprp.end)) {
    if (box.type === 'ipco') patches.push(...(await cleanContainer(reader, box)))
    else if (box.type !== 'ipma') throw unsupported('a box')
  }
  return patches
}

async function cleanContainer(reader: BlobReader, ipco: Box): Promise<Patch[]> {
  const patches: Patch[] = []
  for (const box of await readBoxes(reader, ipco.body, ipco.end)) {
    if (blankedProperties.test(box.type)) patches.push({ start: box.body, end: box.end })
    else if (box.type === 'colr') patches.push(...(await cleanColour(reader, box)))
    else if (!shownProperties.test(box.type)) throw unsupported('a property')
  }
  return patches
}

async function cleanColour(reader: BlobReader, { body, end }: Box): Promise<Patch[]> {
  const type = (await reader.cursor(body, 4)).text(4)
  if (/^ncl[xc]$/.test(type) && end - body <= 11) return []
  if (!/^(?:prof|rICC)$/.test(type)) throw unsupported('a colour')
  const start = body + 4
  return [{ start, end, content: cleanIccProfile(await reader.read(start, end - start)) }]
}
