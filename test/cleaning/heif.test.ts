import { describe, expect, it } from 'vitest'
import { maxTopBoxes } from '../../src/cleaning/heif.ts'
import { standardFor } from '../../src/cleaning/icc-profile.ts'
import { maxBlankedBytes } from '../../src/cleaning/patches.ts'
import { clean, expectCleaned, expectLeftAlone, expectNothingFound, secret } from './pictures.ts'
import type { Item } from './planted-heif.ts'
import {
  box,
  fullBox,
  heifWith,
  largeBox,
  overwrite,
  picture,
  references,
  size,
  uint,
} from './planted-heif.ts'
import { screenProfile, srgbProfile } from './planted-profile.ts'

const exif: Item = { id: 2, type: 'Exif', names: '\0', content: `\0\0\0\0MM\0*\0\0\0\x08${secret}` }
const emptyExif = { ...exif, content: '\0\0\0\0MM\0*\0\0\0\x08'.padEnd(exif.content.length, '\0') }
const xmp: Item = {
  id: 3,
  type: 'mime',
  names: '\0application/rdf+xml\0',
  content: `<x:xmpmeta>${secret}</x:xmpmeta>`.padEnd(50),
}
const emptyXmp = { ...xmp, content: "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>".padEnd(50) }
/** A picture of which the first one is derived. */
const second: Item = { id: 4, type: 'av01', names: '\0', content: 'ANOTHER' }
const inMeta = [references(['dimg', 1, 4])]
const zeros = (text: string): string => '\0'.repeat(text.length)

describe('cleanHeif', () => {
  it('finds nothing in a picture without metadata', async () => {
    await expectNothingFound(heifWith())
    await expectNothingFound(heifWith({ items: [picture, second], inMeta }))
  })

  describe('blanks Exif and XMP', () => {
    const items = [exif, picture, xmp, second]
    const empty = [emptyExif, picture, emptyXmp, second]

    it.each([
      ['and moves nothing', {}],
      ['with places of version 0', { placesVersion: 0 }],
      ['with places of version 2', { placesVersion: 2 }],
      ['placed by the base offset alone', { offsetBytes: 0 }],
      ['placed without a base offset', { baseBytes: 0 }],
      ['placed in long numbers', { offsetBytes: 8, lengthBytes: 8, baseBytes: 8, indexBytes: 8 }],
      ['in a list of version 1', { listVersion: 1, entryVersion: 3 }],
    ] as const)('%s', async (_, layout) => {
      await expectCleaned(
        heifWith({ ...layout, items, inMeta }),
        heifWith({ ...layout, items: empty, inMeta }),
      )
    })

    it('next to the picture or in idat', async () => {
      const inIdat = (some: readonly Item[]) => some.map((item) => ({ ...item, isInMeta: true }))
      await expectCleaned(
        heifWith({ items: inIdat(items), inMeta }),
        heifWith({ items: inIdat(empty), inMeta }),
      )
      await expectCleaned(
        heifWith({ items: [picture, ...inIdat([exif])] }),
        heifWith({ items: [picture, ...inIdat([emptyExif])] }),
      )
    })

    it('when they are shorter than the blank replacement', async () => {
      const short = (content: string) => [picture, { ...exif, content }]
      await expectCleaned(
        heifWith({ items: short('secret') }),
        heifWith({ items: short('\0\0\0\0MM') }),
      )
    })
  })

  it.each([
    ['bytes in mdat that no item uses', { leftover: secret }, { leftover: zeros(secret) }],
    [
      'bytes in idat that no item uses',
      { leftover: secret, items: [{ ...picture, isInMeta: true }] },
      { leftover: zeros(secret), items: [{ ...picture, isInMeta: true }] },
    ],
    ['the name of a program', { handlerName: secret }, { handlerName: zeros(secret) }],
    [
      'names of items',
      { items: [{ ...picture, names: `${secret}\0` }] },
      { items: [{ ...picture, names: zeros(`${secret}\0`) }] },
    ],
    [
      'the name of XMP',
      { items: [picture, { ...emptyXmp, names: `${secret}${xmp.names}` }] },
      { items: [picture, { ...emptyXmp, names: `${xmp.names}${zeros(secret)}` }] },
    ],
    [
      'free space',
      { inMeta: [box('free', secret)], beforeMdat: [box('free', secret)] },
      { inMeta: [box('free', zeros(secret))], beforeMdat: [box('free', zeros(secret))] },
    ],
    [
      "makers' boxes",
      {
        inMeta: [
          box('uuid', secret),
          box('xml ', secret),
          box('bxml', secret),
          box('udta', secret),
          box('skip', secret),
        ],
      },
      { inMeta: Array(5).fill(box('free', zeros(secret))) },
    ],
    [
      'unknown boxes',
      { beforeMdat: [box('mpvd', secret), largeBox('abcd', Buffer.from(secret))] },
      { beforeMdat: [box('free', zeros(secret)), largeBox('free', Buffer.alloc(secret.length))] },
    ],
    [
      'bytes after the picture',
      { after: [box('mpvd', secret), box('mdat', secret), box('sefd', secret)] },
      {},
    ],
    [
      'times and descriptions among the properties',
      {
        properties: [
          size,
          fullBox('crtt', 0, uint(8, 1e15)),
          fullBox('mdft', 0, uint(8, 1e15)),
          fullBox('udes', 0, secret),
          fullBox('altt', 0, secret),
          box('uuid', secret),
          box('free', secret),
        ],
      },
      {
        properties: [
          size,
          box('crtt', Buffer.alloc(12)),
          box('mdft', Buffer.alloc(12)),
          fullBox('udes', 0, zeros(secret)),
          fullBox('altt', 0, zeros(secret)),
          box('uuid', zeros(secret)),
          box('free', zeros(secret)),
        ],
      },
    ],
  ] as const)('blanks %s', async (_, layout, expected) => {
    await expectCleaned(heifWith(layout), heifWith(expected))
  })

  describe.each(['prof', 'rICC'])('of a colour profile (%s)', (type) => {
    const layout = (colour: Buffer, essential = false) => ({
      properties: [size, colour],
      associations: [[1, essential ? 0x82 : 2]] as const,
    })

    it('puts the standard one in its place, filled up with zeros', async () => {
      const profile = srgbProfile()
      const standard = Buffer.concat([
        standardFor(profile) ?? Buffer.alloc(0),
        Buffer.alloc(profile.length),
      ])
      await expectCleaned(
        heifWith(layout(box('colr', type, profile))),
        heifWith(layout(box('colr', type, standard.subarray(0, profile.length)))),
      )
    })

    it.each([
      ['of a screen', screenProfile()],
      ['that is damaged', Buffer.from(secret)],
      ['that is shorter than the standard one', srgbProfile().subarray(0, 300)],
      ['for printing', screenProfile({}, 'CMYKLab ')],
    ])('drops one %s, even if it is marked as essential', async (_, profile) => {
      await expectCleaned(
        heifWith(layout(box('colr', type, profile), true)),
        heifWith(layout(box('free', Buffer.alloc(profile.length + 4)))),
      )
    })
  })

  it('blanks bytes between items', async () => {
    const shift = ({ id }: Item) => (id === 1 ? { bytes: -secret.length } : {})
    const items = (text: string) => [{ ...picture, content: `${picture.content}${text}` }, second]
    await expectCleaned(
      heifWith({ items: items(secret), shift, inMeta }),
      heifWith({ items: items(zeros(secret)), shift, inMeta }),
    )
  })

  it('blanks an idat that no item uses', async () => {
    await expectCleaned(
      heifWith({ inMeta: [box('idat', secret)] }),
      heifWith({ inMeta: [box('idat', zeros(secret))] }),
    )
  })

  it('blanks a whole mdat without a picture', async () => {
    const hidden = { ...picture, content: 'HIDDEN-HIDDEN' }
    const second = box('mdat', picture.content)
    // The offset given for the first item is that of the second mdat.
    const whole = heifWith({
      items: [hidden],
      shift: () => ({ start: second.length }),
      after: [second],
    })
    const blanked = overwrite(
      overwrite(Buffer.from(whole), 'mdat', 4, '00'.repeat(13)),
      'mdat',
      0,
      '66726565',
    )
    await expectCleaned(whole, blanked)
  })

  it.each([
    ...[
      'ispe',
      'pixi',
      'irot',
      'imir',
      'clap',
      'pasp',
      'rloc',
      'lsel',
      'hvcC',
      'av1C',
      'avcC',
      'a1op',
      'a1lx',
      'auxC',
      'clli',
      'mdcv',
      'cclv',
      'amve',
      'ndwt',
    ].map((type) => ({ name: type, property: box(type, 'x') })),
    { name: 'colr of nclx', property: box('colr', 'nclx', Buffer.alloc(7)) },
    { name: 'colr of nclc', property: box('colr', 'nclc', Buffer.alloc(6)) },
  ])('keeps the property $name', async ({ property }) => {
    await expectNothingFound(heifWith({ properties: [size, property] }))
  })

  it('keeps pictures that share bytes, and those derived from others', async () => {
    const grid: Item = { id: 5, type: 'grid', names: '\0', content: '\0\0\0\0', isInMeta: true }
    const identity: Item = { id: 6, type: 'iden', names: '\0', content: 'x' }
    await expectNothingFound(
      heifWith({
        items: [picture, second, grid, identity],
        inMeta: [references(['dimg', 1, 6], ['dimg', 6, 5], ['dimg', 5, 4, 1])],
        shift: ({ id }) => (id === 4 ? { start: -3, bytes: 3 } : {}),
      }),
    )
  })

  describe('of pictures that viewers do not show', () => {
    const unseen: Item = { id: 4, type: 'hvc1', names: '\0', content: secret }
    const blank = { ...unseen, content: zeros(secret), isHidden: true }
    const auxiliary = (name: string) => fullBox('auxC', 0, `${name}\0`)
    const alpha = auxiliary('urn:mpeg:hevc:2015:auxid:1')
    const gainMap = auxiliary('urn:com:apple:photo:2020:aux:hdrgainmap')

    it.each([
      ['blanks a thumbnail', [references(['thmb', 4, 1])], [references(['free', 4, 1])]],
      ['blanks a second picture', [], []],
      [
        'blanks one that offers itself instead',
        [box('grpl', secret)],
        [box('free', zeros(secret))],
      ],
      [
        'blanks what only an unseen picture is made of',
        [references(['dimg', 4, 1])],
        [references(['free', 4, 1])],
      ],
    ])('%s', async (_, before, after) => {
      await expectCleaned(
        heifWith({ items: [picture, unseen], inMeta: before }),
        heifWith({ items: [picture, blank], inMeta: after }),
      )
    })

    it('blanks a gain map and keeps the transparency', async () => {
      const layout = {
        properties: [size, gainMap, alpha],
        inMeta: [references(['auxl', 4, 1])],
      }
      const kept = { ...layout, associations: [[4, 3]] } as const
      await expectNothingFound(heifWith({ ...kept, items: [picture, unseen] }))
      const blanked = { ...layout, associations: [[4, 2]] } as const
      await expectCleaned(
        heifWith({ ...blanked, items: [picture, unseen] }),
        heifWith({
          ...blanked,
          inMeta: [references(['free', 4, 1])],
          items: [picture, blank],
        }),
      )
    })

    it('keeps the tiles of a grid, in a list of references with long numbers', async () => {
      const grid: Item = { id: 1, type: 'grid', names: '\0', content: 'g' }
      const long = fullBox('iref', 1, box('dimg', uint(4, 1), uint(2, 2), uint(4, 4), uint(4, 5)))
      await expectNothingFound(
        heifWith({ items: [grid, second, { ...second, id: 5 }], inMeta: [long] }),
      )
    })

    it('ends when pictures are derived from each other', async () => {
      await expectNothingFound(
        heifWith({
          items: [picture, second],
          inMeta: [references(['dimg', 1, 4], ['dimg', 4, 1])],
        }),
      )
    })

    it('leaves a picture alone whose references have bytes left over', async () => {
      await expectLeftAlone(
        heifWith({
          items: [picture, exif],
          inMeta: [fullBox('iref', 0, box('cdsc', uint(2, 2), uint(2, 1), uint(2, 1), secret))],
        }),
      )
    })
  })

  it('accepts an mdat that extends to the end of the file', async () => {
    const open = (items: readonly Item[]) => {
      const whole = heifWith({ items })
      return whole.fill(0, whole.indexOf('mdat') - 4, whole.indexOf('mdat'))
    }
    await expectCleaned(open([picture, exif]), open([picture, emptyExif]))
  })

  it.each([
    ['half a box', Buffer.alloc(7)],
    ['a box shorter than its header', Buffer.from('0000000766726565', 'hex')],
    ['a box that reaches past the end', Buffer.from(`\0\0\xff\xffmpvd${secret}`, 'latin1')],
    ['text', Buffer.from(secret)],
  ])('cuts off %s after the picture', async (_, trailer) => {
    await expectCleaned(Buffer.concat([heifWith(), trailer]), heifWith())
  })

  describe('leaves a picture alone', () => {
    const items = [picture, exif]
    it.each([
      ['that ends too early', heifWith({ items }).subarray(0, -1)],
      ['without meta', overwrite(heifWith(), 'meta', 0, '61626364')],
      ['with two metas', heifWith({ after: [fullBox('meta', 0)] })],
      ['with a second list of brands', heifWith({ after: [box('ftyp')] })],
      ['that is a sequence', heifWith({ after: [box('moov')] })],
      ['that is fragmented', heifWith({ after: [box('moof')] })],
      [
        'with a nested box that extends to the end',
        heifWith({ inMeta: [Buffer.from('0000000066726565', 'hex')] }),
      ],
      ['without a list of items', overwrite(heifWith(), 'iinf', 0, '66726565')],
      ['without a list of positions', overwrite(heifWith(), 'iloc', 0, '66726565')],
      ['with the same item twice', heifWith({ items: [picture, { ...exif, id: 1 }] })],
      ['with an unknown item', heifWith({ items: [picture, { ...exif, type: 'iptc' }] })],
      [
        'with an item that may hold Exif itself',
        heifWith({ items: [picture, { ...exif, type: 'jpeg' }] }),
      ],
      [
        'with text of another type',
        heifWith({ items: [picture, { ...xmp, names: '\0text/plain\0' }] }),
      ],
      [
        'with compressed XMP',
        heifWith({ items: [picture, { ...xmp, names: '\0application/rdf+xml\0deflate\0' }] }),
      ],
      ['with a list of items of version 1', overwrite(heifWith({ items }), 'infe', 4, '01')],
      ['with a protected item', overwrite(heifWith({ items }), 'infe', 10, '0001')],
      ['with a place before the file', heifWith({ items, shift: () => ({ start: -100 }) })],
      [
        'with a place that begins too early',
        heifWith({ items, shift: ({ id }) => (id === 1 ? { start: -1 } : {}) }),
      ],
      [
        'with a place that ends too late',
        heifWith({ items, shift: ({ id }) => (id === 2 ? { bytes: 1 } : {}) }),
      ],
      [
        'with a place that ends in the next box',
        heifWith({ shift: () => ({ bytes: 10 }), after: [box('free', secret)] }),
      ],
      [
        'with a place of zero bytes',
        heifWith({ items, shift: ({ id }) => (id === 2 ? { bytes: -exif.content.length } : {}) }),
      ],
      ['with a place of no item', overwrite(heifWith({ items }), 'iloc', 12, '0009')],
      [
        'with Exif that reaches into the picture',
        heifWith({ items, shift: ({ id }) => (id === 2 ? { start: -1 } : {}) }),
      ],
      [
        'with a picture that reaches into Exif',
        heifWith({ items, shift: ({ id }) => (id === 1 ? { bytes: 1 } : {}) }),
      ],
      [
        'with a picture inside Exif',
        heifWith({
          items: [exif, picture],
          shift: ({ id }) => (id === 1 ? { start: -20, bytes: -10 } : {}),
        }),
      ],
      ['with items made of other items', heifWith({ items, method: 2 })],
      ['with items in another file', heifWith({ items, elsewhere: 1 })],
      ['with places of version 3', overwrite(heifWith({ items }), 'iloc', 4, '03')],
      ['with numbers of three bytes', overwrite(heifWith({ items }), 'iloc', 8, '34')],
      ['without the idat that is used', heifWith({ items, method: 1 })],
      [
        'with the URL of another file',
        heifWith({
          inMeta: [box('dinf', fullBox('dref', 0, uint(4, 1), fullBox('url ', 0, secret)))],
        }),
      ],
      ['with protected parts', heifWith({ inMeta: [box('ipro', secret)] })],
      ['with a box twice', heifWith({ inMeta: [fullBox('pitm', 0, uint(2, 1))] })],
      ['with an unknown property', heifWith({ properties: [size, box('cmin', secret)] })],
      ['with an unknown colour type', heifWith({ properties: [size, box('colr', 'abcd')] })],
      ['with text in a colour', heifWith({ properties: [size, box('colr', 'nclx', secret)] })],
      ['with a colour that is too short', heifWith({ properties: [size, box('colr', 'pro')] })],
      ['with another handler', overwrite(heifWith(), 'pict', 0, '76696465')],
    ])('%s', async (_, whole) => {
      await expectLeftAlone(whole)
    })
  })

  it('accepts the usual forms of "in this file"', async () => {
    await expectNothingFound(
      heifWith({
        inMeta: [
          box(
            'dinf',
            fullBox('dref', 0, uint(4, 1), Buffer.from('0000000c75726c2000000001', 'hex')),
          ),
        ],
      }),
    )
  })

  describe('at its bounds', () => {
    // The file has three more boxes: ftyp, which is not counted, meta and mdat.
    it.each([
      [maxTopBoxes - 3, 'removed'],
      [maxTopBoxes - 2, 'removed'],
      [maxTopBoxes - 1, 'cannot_be_removed'],
    ])('with %i boxes', async (count, outcome) => {
      expect(
        (await clean(heifWith({ after: Array<Buffer>(count).fill(box('abcd')) }))).outcome,
      ).toBe(outcome)
    })

    // Another 13 bytes of the handler and one of a name are blanked as well.
    it.each([
      [-15, 'removed'],
      [-14, 'removed'],
      [-13, 'cannot_be_removed'],
    ])('with %i bytes relative to the maximum that is blanked', async (offset, outcome) => {
      expect(
        (await clean(heifWith({ leftover: 'x'.repeat(maxBlankedBytes + offset) }))).outcome,
      ).toBe(outcome)
    })

    it.each([
      [19_998, 'none_found'],
      [19_999, 'none_found'],
      [20_000, 'cannot_be_removed'],
    ])('with %i further properties', async (count, outcome) => {
      expect(
        (await clean(heifWith({ properties: [size, ...Array<Buffer>(count).fill(box('pasp'))] })))
          .outcome,
      ).toBe(outcome)
    })

    it.each([
      [19_999, 'none_found'],
      [20_000, 'none_found'],
      [20_001, 'cannot_be_removed'],
    ])('with %i places', async (count, outcome) => {
      expect((await clean(withManyExtents(count))).outcome).toBe(outcome)
    })

    it('accepts a name of one megabyte', async () => {
      const name = 'x'.repeat(1_000_000)
      await expectCleaned(
        heifWith({ items: [{ ...picture, names: `${name}\0` }] }),
        heifWith({ items: [{ ...picture, names: zeros(`${name}\0`) }] }),
      )
    })
  })
})

/** A file with one item of many identical extents. */
function withManyExtents(count: number): Buffer {
  const places = (at: number) =>
    fullBox(
      'iloc',
      1,
      uint(1, 0x44),
      uint(1, 0),
      uint(2, 1),
      uint(2, 1),
      uint(2, 0),
      uint(2, 0),
      uint(2, count),
      Buffer.alloc(8 * count, Buffer.concat([uint(4, at), uint(4, picture.content.length)])),
    )
  const assemble = (at: number) => {
    const whole = heifWith()
    const [start, end] = [whole.indexOf('iloc') - 4, whole.indexOf('mdat') - 4]
    const meta = Buffer.concat([whole.subarray(24, start), places(at)])
    meta.writeUInt32BE(meta.length)
    return Buffer.concat([whole.subarray(0, 24), meta, whole.subarray(end)])
  }
  return assemble(assemble(0).indexOf('mdat') + 4)
}
