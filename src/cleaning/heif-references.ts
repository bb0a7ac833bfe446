import type { BlobReader } from './blob-reader.ts'
import { ByteCursor } from './byte-cursor.ts'
import { malformed } from './errors.ts'
import type { Box } from './heif-boxes.ts'
import { readBoxes } from './heif-boxes.ts'

/** ISO/IEC 14496-12 §8.11.12: one item refers to others. */
export interface Reference {
  /** `dimg`: is derived from; `auxl`: is an auxiliary picture of; `thmb`: is a thumbnail of. */
  type: string
  from: number
  to: number[]
  box: Box
}

/** Auxiliary pictures that say how transparent a picture is (ISO/IEC 23008-12 §7.5.3). */
const alphaTypes: readonly string[] = [
  'urn:mpeg:hevc:2015:auxid:1',
  'urn:mpeg:avc:2015:auxid:1',
  'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha',
]

/** §8.11.4: the item that viewers show. */
export async function readPrimary(reader: BlobReader, { body, end }: Box): Promise<number> {
  const cursor = await reader.cursor(body, end - body)
  const version = cursor.uint(1)
  cursor.take(3)
  return cursor.uint(version === 0 ? 2 : 4)
}

export async function readReferences(reader: BlobReader, iref: Box): Promise<Reference[]> {
  const idBytes = (await reader.cursor(iref.body, 1)).uint(1) === 0 ? 2 : 4
  const references: Reference[] = []
  for (const box of await readBoxes(reader, iref.body + 4, iref.end)) {
    const cursor = await reader.cursor(box.body, box.end - box.body)
    const from = cursor.uint(idBytes)
    const to = Array.from({ length: cursor.uint(2) }, () => cursor.uint(idBytes))
    if (cursor.leftBytes > 0) throw malformed('a reference')
    references.push({ type: box.type, from, to, box })
  }
  return references
}

/** The items that have a property which makes them the transparency of another picture. */
export async function readAlphas(reader: BlobReader, iprp: Box): Promise<ReadonlySet<number>> {
  const boxes = await readBoxes(reader, iprp.body, iprp.end)
  const containers = boxes.filter(({ type }) => type === 'ipco')
  const [ipco] = containers
  if (ipco === undefined || containers.length > 1) throw malformed('the properties')
  const alphaIndexes = new Set<number>()
  for (const [index, { type, body, end }] of (
    await readBoxes(reader, ipco.body, ipco.end)
  ).entries()) {
    if (type !== 'auxC' || end - body < 4) continue
    const [name = ''] = (await reader.cursor(body + 4, end - body - 4))
      .text(end - body - 4)
      .split('\0')
    // §8.11.14: properties are counted from 1.
    if (alphaTypes.includes(name)) alphaIndexes.add(index + 1)
  }
  const alphas = new Set<number>()
  for (const { type, body, end } of boxes)
    if (type === 'ipma')
      for (const { item, index } of readAssociations(await reader.read(body, end - body)))
        if (alphaIndexes.has(index)) alphas.add(item)
  return alphas
}

/** §8.11.14: an item has a property. */
export interface Association {
  item: number
  /** The number of the property, counted from 1. */
  index: number
  /** The offset in `ipma` of the byte whose first bit says whether the property is essential. */
  at: number
  firstByte: number
}

export function readAssociations(ipma: Uint8Array): Association[] {
  const cursor = new ByteCursor(ipma)
  const version = cursor.uint(1)
  const flags = cursor.uint(3)
  const isLong = (flags & 1) === 1
  const associations: Association[] = []
  for (let left = cursor.uint(4); left > 0; left -= 1) {
    const item = cursor.uint(version === 0 ? 2 : 4)
    for (let leftOfItem = cursor.uint(1); leftOfItem > 0; leftOfItem -= 1) {
      const at = cursor.at
      const index = cursor.uint(isLong ? 2 : 1) & (isLong ? 0x7fff : 0x7f)
      associations.push({ item, index, at, firstByte: ipma[at] ?? 0 })
    }
  }
  return associations
}

/**
 * The items that have a part in what viewers show: the primary item, what it is derived from, and
 * their transparency. Thumbnails, further pictures, depth and gain maps are not among them.
 */
export function findShown(
  primary: number,
  references: readonly Reference[],
  alphas: ReadonlySet<number>,
): ReadonlySet<number> {
  const derivedFrom = new Map<number, number[]>()
  const alphasOf = new Map<number, number[]>()
  const add = (map: Map<number, number[]>, key: number, items: readonly number[]) =>
    map.set(key, [...(map.get(key) ?? []), ...items])
  for (const { type, from, to } of references) {
    if (type === 'dimg') add(derivedFrom, from, to)
    else if (type === 'auxl' && alphas.has(from)) for (const item of to) add(alphasOf, item, [from])
  }
  const shown = new Set<number>()
  const next = [primary]
  for (let item = next.pop(); item !== undefined; item = next.pop()) {
    if (shown.has(item)) continue
    shown.add(item)
    next.push(...(derivedFrom.get(item) ?? []), ...(alphasOf.get(item) ?? []))
  }
  return shown
}
