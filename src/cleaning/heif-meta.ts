import type { BlobReader } from './blob-reader.ts'
import { areEqual, toBytes } from './bytes.ts'
import { unsupported } from './errors.ts'
import type { Box } from './heif-boxes.ts'
import { byType, readBoxes } from './heif-boxes.ts'
import { type Coding, readCodings } from './heif-coded.ts'
import { renameToFree, toFree } from './heif-free.ts'
import type { Extent, ItemKind } from './heif-items.ts'
import { readExtents, readItems } from './heif-items.ts'
import { cleanProperties } from './heif-properties.ts'
import { findShown, readAlphas, readPrimary, readReferences } from './heif-references.ts'
import type { Patch } from './patches.ts'

/** ISO/IEC 14496-12 §8.1.2, §11.1. XML boxes next to the items do not belong to any picture. */
const ignoredBoxes = /^(?:free|skip|uuid|udta|xml |bxml)$/

/** Boxes that may appear beside the items. Each is kept, checked further or rewritten. */
const knownBoxes = /^(?:pitm|iref|grpl|hdlr|dinf|iinf|iloc|iprp|idat)$/

/** §8.7.2: declares that all data is in this file. Any other value would contain an address. */
const inThisFile = toBytes('\0\0\0\x1cdref\0\0\0\0\0\0\0\x01\0\0\0\x0curl \0\0\0\x01')

export interface Meta {
  kinds: ReadonlyMap<number, ItemKind>
  extents: Extent[]
  patches: Patch[]
  codings: ReadonlyMap<number, Coding>
  /** Where items can be stored besides `mdat`: an empty list or one box. */
  idat: Box[]
}

/** Reads the box that lists the items with their properties and positions. */
export async function readMeta(reader: BlobReader, { body, end }: Box): Promise<Meta> {
  const boxes = await readBoxes(reader, body + 4, end)
  const ignored = boxes.filter(({ type }) => ignoredBoxes.test(type))
  const others = boxes.filter(({ type }) => !ignoredBoxes.test(type))
  if (others.some(({ type }) => !knownBoxes.test(type))) throw unsupported('a box')
  const find = byType(others)
  const iref = others.find(({ type }) => type === 'iref')
  const references = iref === undefined ? [] : await readReferences(reader, iref)
  const shown = findShown(
    await readPrimary(reader, find('pitm')),
    references,
    await readAlphas(reader, find('iprp')),
  )
  const { kinds, patches } = await readItems(reader, find('iinf'), shown)
  const coded = await readCodings(reader, find('iprp'))
  const unseen = (id: number) => kinds.get(id) === 'unseen'
  const iloc = find('iloc')
  const dinf = others.find(({ type }) => type === 'dinf')
  if (
    dinf !== undefined &&
    !areEqual(await reader.read(dinf.body, dinf.end - dinf.body), inThisFile)
  )
    throw unsupported('a position')
  return {
    kinds,
    extents: readExtents(await reader.read(iloc.body, iloc.end - iloc.body)),
    patches: [
      ...patches,
      ...ignored.flatMap(toFree),
      ...references.filter(({ from }) => unseen(from)).map(({ box }) => renameToFree(box)),
      // Groups offer other pictures to be shown instead of the primary one (§8.18).
      ...others.filter(({ type }) => type === 'grpl' && hasUnseen(kinds)).flatMap(toFree),
      await nameHandler(reader, find('hdlr')),
      ...(await cleanProperties(reader, find('iprp'))),
      ...coded.patches,
    ],
    codings: coded.codings,
    idat: others.filter(({ type }) => type === 'idat'),
  }
}

function hasUnseen(kinds: Meta['kinds']): boolean {
  return [...kinds.values()].includes('unseen')
}

/** §8.4.3: the handler type is followed by a name, which is often that of a program. */
async function nameHandler(reader: BlobReader, { body, end }: Box): Promise<Patch> {
  if ((await reader.cursor(body + 8, 4)).text(4) !== 'pict') throw unsupported('a handler')
  return { start: body + 12, end }
}
