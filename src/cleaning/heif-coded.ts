import type { BlobReader } from './blob-reader.ts'
import { ByteCursor } from './byte-cursor.ts'
import { malformed } from './errors.ts'
import { type Box, readBoxes } from './heif-boxes.ts'
import { readAssociations } from './heif-references.ts'
import { ItemBytes } from './item-bytes.ts'
import { avc, blankUnit, hevc, type NalFormat, readHevcConfiguration } from './nal-units.ts'
import { blankObu, isNeeded, type Obu, toPadding } from './obus.ts'
import type { Patch } from './patches.ts'

/**
 * Encoders write their name and settings, and cameras more, into units that decoders skip: in the
 * coded picture itself, and in the decoder settings among the properties. These are blanked.
 */

/** How an item is coded: units of AV1, or units whose length is written in some bytes. */
export type Coding = 'av1' | { format: NalFormat; lengthBytes: number }

/** A configuration shorter than its fixed part holds no units. */
const fixedBytes = { hvcC: 23, avcC: 5, av1C: 4 }
const isConfiguration = (type: string): type is keyof typeof fixedBytes => type in fixedBytes

/** What the properties say about the coding of each item, with the patches for the properties. */
export async function readCodings(
  reader: BlobReader,
  iprp: Box,
): Promise<{ codings: ReadonlyMap<number, Coding>; patches: Patch[] }> {
  const boxes = await readBoxes(reader, iprp.body, iprp.end)
  const byIndex = new Map<number, Coding>()
  const patches: Patch[] = []
  for (const ipco of boxes.filter(({ type }) => type === 'ipco'))
    for (const [i, box] of (await readBoxes(reader, ipco.body, ipco.end)).entries()) {
      if (!isConfiguration(box.type) || box.end - box.body < fixedBytes[box.type]) continue
      const found = await readConfiguration(reader, box.type, box)
      byIndex.set(i + 1, found.coding)
      patches.push(...found.patches)
    }
  const codings = new Map<number, Coding>()
  for (const { type, body, end } of boxes)
    if (type === 'ipma')
      for (const { item, index } of readAssociations(await reader.read(body, end - body))) {
        const coding = byIndex.get(index)
        if (coding !== undefined) codings.set(item, coding)
      }
  return { codings, patches }
}

async function readConfiguration(
  reader: BlobReader,
  type: keyof typeof fixedBytes,
  { body, end }: Box,
): Promise<{ coding: Coding; patches: Patch[] }> {
  const content = new ItemBytes(reader, [{ start: body, end }])
  const bytes = await content.read(0, end - body)
  if (type === 'av1C') return { coding: 'av1', patches: await blankObus(content, fixedBytes.av1C) }
  if (type === 'avcC') {
    const lengthBytes = (new ByteCursor(bytes, { at: 4 }).uint(1) & 3) + 1
    return { coding: { format: avc, lengthBytes }, patches: [] }
  }
  const { lengthBytes, units, end: unitsEnd } = readHevcConfiguration(bytes)
  const patches = units.map(async (unit) => await blankNal(content, hevc, unit))
  const after = { start: body + unitsEnd, end }
  return {
    coding: { format: hevc, lengthBytes },
    patches: [...(await Promise.all(patches)).flat(), ...(unitsEnd < end - body ? [after] : [])],
  }
}

/** Blanks the units of a coded picture that its decoder does not need. */
export async function cleanCoded(content: ItemBytes, coding: Coding): Promise<Patch[]> {
  if (coding === 'av1') return await blankObus(content, 0)
  const { format, lengthBytes } = coding
  const patches: Patch[] = []
  for (let at = 0; at < content.bytes; ) {
    const start = at + lengthBytes
    const end = start + new ByteCursor(await content.read(at, lengthBytes)).uint(lengthBytes)
    patches.push(...(await blankNal(content, format, { start, end })))
    at = end
  }
  return patches
}

async function blankNal(
  content: ItemBytes,
  format: NalFormat,
  { start, end }: { start: number; end: number },
): Promise<Patch[]> {
  const body = start + format.headerBytes
  if (end > content.bytes || body > end) throw malformed('a unit of a coded picture')
  const header = await content.read(start, format.headerBytes)
  if (format.isNeeded(header)) return []
  return content.overwrite(body, blankUnit(format, header, end - body))
}

async function blankObus(content: ItemBytes, from: number): Promise<Patch[]> {
  const patches: Patch[] = []
  for (let at = from; at < content.bytes; ) {
    const obu = await readObu(content, at)
    if (!isNeeded(obu)) {
      patches.push(...content.overwrite(obu.headerAt, Uint8Array.of(toPadding(obu.header))))
      patches.push(...content.overwrite(obu.start, blankObu(obu.end - obu.start)))
    }
    at = obu.end
  }
  return patches
}

/** AV1 §5.3.2: a header of one or two bytes, and mostly a size of seven bits a byte. */
async function readObu(content: ItemBytes, headerAt: number): Promise<Obu> {
  const longest = Math.min(10, content.bytes - headerAt)
  const cursor = new ByteCursor(await content.read(headerAt, longest))
  const header = cursor.uint(1)
  if (header & 4) cursor.take(1)
  if ((header & 2) === 0)
    return { header, headerAt, start: headerAt + cursor.at, end: content.bytes }
  let size = 0
  for (let i = 0, byte = 0x80; byte & 0x80; i += 1) {
    if (i === 8) throw malformed('a unit of a coded picture')
    byte = cursor.uint(1)
    size += (byte & 0x7f) * 128 ** i
  }
  const start = headerAt + cursor.at
  if (start + size > content.bytes) throw malformed('a unit of a coded picture')
  return { header, headerAt, start, end: start + size }
}
