export const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

export function uint(bytes: 0 | 1 | 2 | 4 | 8, value: number): Buffer {
  const digits = Buffer.alloc(bytes)
  if (bytes === 8) digits.writeBigUInt64BE(BigInt(value))
  else if (bytes > 0) digits.writeUIntBE(value, 0, bytes)
  return digits
}

export function box(type: string, ...content: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(
    content.map((piece) => (typeof piece === 'string' ? latin1(piece) : piece)),
  )
  return Buffer.concat([uint(4, body.length + 8), latin1(type), body])
}

/** A box whose size is written in eight bytes. */
export function largeBox(type: string, content: Uint8Array): Buffer {
  return Buffer.concat([uint(4, 1), latin1(type), uint(8, content.length + 16), content])
}

export function fullBox(
  type: string,
  version: number,
  ...content: readonly (Uint8Array | string)[]
): Buffer {
  return box(type, uint(1, version), uint(2, 0), uint(1, 0), ...content)
}

export interface Item {
  id: number
  type: string
  /** What follows the type: the name, and for `mime` the content type. */
  names: string
  content: string
  isInMeta?: boolean
  isHidden?: boolean
}

interface Layout {
  items?: readonly Item[]
  /** Version of `iloc`: ids are longer from 2 on, `idat` may be used from 1 on. */
  placesVersion?: 0 | 1 | 2
  offsetBytes?: 0 | 4 | 8
  lengthBytes?: 0 | 4 | 8
  baseBytes?: 0 | 4 | 8
  indexBytes?: 0 | 4 | 8
  listVersion?: 0 | 1
  entryVersion?: 2 | 3
  handlerName?: string
  properties?: readonly Uint8Array[]
  /** Pairs of item and property, counted from 1. */
  associations?: readonly (readonly [item: number, property: number])[]
  inMeta?: readonly Uint8Array[]
  beforeMdat?: readonly Uint8Array[]
  /** Content of `mdat` and `idat` after the items. */
  leftover?: string
  after?: readonly Uint8Array[]
  /** Error to add to the stated start and length of an item. */
  shift?: (item: Item) => { start?: number; bytes?: number }
  method?: number
  elsewhere?: number
}

export const picture: Item = { id: 1, type: 'hvc1', names: '\0', content: 'CODED-PICTURE' }

const ftyp = box('ftyp', 'heic\0\0\0\0mif1heic')
export const size = box('ispe', Buffer.alloc(12))

/** The list of references, with item numbers of two bytes. */
export function references(
  ...list: readonly [type: string, from: number, ...to: number[]][]
): Buffer {
  return fullBox(
    'iref',
    0,
    ...list.map(([type, from, ...to]) =>
      box(type, uint(2, from), uint(2, to.length), ...to.map((id) => uint(2, id))),
    ),
  )
}

function entry({ id, type, names, isHidden }: Item, version: 2 | 3): Buffer {
  const whole = fullBox('infe', version, uint(version === 2 ? 2 : 4, id), uint(2, 0), type, names)
  whole[11] = isHidden === true ? 1 : 0
  return whole
}

/** Overwrites bytes at an offset from the name of a box. */
export function overwrite(whole: Buffer, type: string, offset: number, hex: string): Buffer {
  Buffer.from(hex, 'hex').copy(whole, whole.indexOf(type) + offset)
  return whole
}

/**
 * An offset is only known once everything before it has its length, so a first pass assumes an
 * offset of zero.
 */
export function heifWith(layout: Layout = {}): Buffer {
  return assemble(layout, assemble(layout, 0).indexOf('mdat') + 4)
}

function assemble(layout: Layout, mdatAt: number): Buffer {
  const {
    items = [picture],
    listVersion = 0,
    entryVersion = 2,
    handlerName = '',
    properties = [size],
    associations = [[1, 1]],
    inMeta = [],
    beforeMdat = [],
    leftover = '',
    after = [],
  } = layout
  const inFile = items.filter(({ isInMeta }) => isInMeta !== true)
  const inIdat = items.filter(({ isInMeta }) => isInMeta === true)
  const meta = fullBox(
    'meta',
    0,
    fullBox('hdlr', 0, uint(4, 0), 'pict', Buffer.alloc(12), `${handlerName}\0`),
    fullBox('pitm', 0, uint(2, 1)),
    fullBox(
      'iinf',
      listVersion,
      uint(listVersion === 0 ? 2 : 4, items.length),
      ...items.map((item) => entry(item, entryVersion)),
    ),
    box(
      'iprp',
      box('ipco', ...properties),
      fullBox(
        'ipma',
        0,
        uint(4, associations.length),
        ...associations.flatMap(([item, property]) => [
          uint(2, item),
          uint(1, 1),
          uint(1, property),
        ]),
      ),
    ),
    places(layout, [...placed(inFile, mdatAt), ...placed(inIdat, 0)]),
    ...(inIdat.length > 0 ? [box('idat', ...inIdat.map(({ content }) => content), leftover)] : []),
    ...inMeta,
  )
  return Buffer.concat([
    ftyp,
    meta,
    ...beforeMdat,
    ...(inFile.length > 0 ? [box('mdat', ...inFile.map(({ content }) => content), leftover)] : []),
    ...after,
  ])
}

function placed(items: readonly Item[], start: number): { item: Item; at: number }[] {
  let at = start
  return items.map((item) => {
    const place = { item, at }
    at += item.content.length
    return place
  })
}

/** The base holds all but the last bytes of an offset. */
function places(layout: Layout, items: readonly { item: Item; at: number }[]): Buffer {
  const {
    placesVersion = 1,
    offsetBytes = 4,
    lengthBytes = 4,
    baseBytes = 4,
    indexBytes = 0,
    shift,
    method = 0,
    elsewhere = 0,
  } = layout
  const idBytes = placesVersion === 2 ? 4 : 2
  return fullBox(
    'iloc',
    placesVersion,
    uint(1, offsetBytes * 16 + lengthBytes),
    uint(1, baseBytes * 16 + indexBytes),
    uint(idBytes, items.length),
    ...items.map(({ item, at }) => {
      const { start = 0, bytes = 0 } = shift?.(item) ?? {}
      const offset = Math.max(0, at + start)
      const base = offsetBytes === 0 ? offset : baseBytes === 0 ? 0 : Math.min(5, offset)
      return Buffer.concat([
        uint(idBytes, item.id),
        ...(placesVersion > 0 ? [uint(2, item.isInMeta ? 1 : method)] : []),
        uint(2, elsewhere),
        uint(baseBytes, base),
        uint(2, 1),
        ...(placesVersion > 0 ? [uint(indexBytes, 0)] : []),
        uint(offsetBytes, offset - base),
        uint(lengthBytes, item.content.length + bytes),
      ])
    }),
  )
}
