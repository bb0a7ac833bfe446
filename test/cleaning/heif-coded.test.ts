import { describe, expect, it } from 'vitest'
import { hevc, avc, blankUnit } from '../../src/cleaning/nal-units.ts'
import { clean, expectLeftAlone, expectNothingFound, readPicture, secret } from './pictures.ts'
import {
  hevcSei,
  metadataObu,
  obu,
  plantUnits,
  seiOf,
  unitArray,
  withLength,
} from './planted-coded.ts'
import { box, heifWith, latin1, size, uint } from './planted-heif.ts'
import { digestPixels, hasAll } from './tools.ts'

const remark = seiOf(hevcSei)
const none = Buffer.alloc(0)
const canShow = hasAll('what pictures without remarks show', 'identify', 'heif-convert')

/** Units that decoders skip, with a text in them. */
const hevcUnit = (header: string) => Buffer.concat([Buffer.from(header, 'hex'), latin1(secret)])
const planted = [
  ['the settings of x265 in HEIC', 'plain.heic', none, withLength(remark)],
  ['the settings of x265 in hvcC', 'plain.heic', unitArray(remark), none],
  ['a remark behind the pixels', 'plain.heic', none, withLength(seiOf('5001'))],
  ['a short remark', 'plain.heic', none, withLength(seiOf(hevcSei, secret))],
  ['filler data', 'plain.heic', none, withLength(hevcUnit('4c01'))],
  ['a unit of a vendor', 'plain.heic', none, withLength(hevcUnit('7c01'))],
  ['a slice of another layer', 'plain.heic', none, withLength(hevcUnit('0209'))],
  ['metadata in AVIF', 'plain.avif', none, obu(metadataObu, `\x04\xb5${secret}\x80`)],
  ['metadata in av1C', 'plain.avif', obu(metadataObu, `\x04\xb5${secret}\x80`), none],
  ['padding', 'plain.avif', none, obu(15, `${secret}\x80`)],
  ['a reserved unit', 'plain.avif', none, obu(9, secret)],
] as const

describe('cleanHeif', () => {
  describe.each(planted)('of %s', (_, name, inSettings, inPixels) => {
    const whole = plantUnits(name, inSettings, inPixels)

    it('blanks the text in its place, and finds nothing more', async () => {
      expect(whole.includes(secret)).toBe(true)
      const { outcome, bytes } = await clean(whole)
      expect([outcome, bytes.includes(secret), bytes.length]).toEqual([
        'removed',
        false,
        whole.length,
      ])
      await expectNothingFound(bytes)
    })

    it.skipIf(!canShow)('changes no pixel', async () => {
      const shown = await digestPixels(name, (await clean(whole)).bytes)
      expect(shown).toBe(await digestPixels(name, readPicture(name)))
    })
  })

  it('blanks what follows the units of hvcC', async () => {
    const whole = plantUnits('plain.heic', Buffer.from(secret), none)
    whole[whole.indexOf('hvcC') + 26] = 3
    const { outcome, bytes } = await clean(whole)
    expect([outcome, bytes.includes(secret)]).toEqual(['removed', false])
  })

  it('blanks the settings of x264, in units that spread over two ranges', async () => {
    const unit = seiOf('06')
    const content = Buffer.concat([withLength(unit), withLength(Buffer.from([0x65, 1, 2]))])
    const avcC = box('avcC', Buffer.from('014d401fffe0', 'hex'), uint(1, 0))
    const item = { id: 1, type: 'avc1', names: '\0', content: content.toString('latin1') }
    const layout = { properties: [size, avcC], associations: [[1, 2]] as const }
    const { outcome, bytes } = await clean(heifWith({ ...layout, items: [item] }))
    expect([outcome, bytes.includes(secret)]).toEqual(['removed', false])
    expect(bytes.includes(withLength(Buffer.from([0x65, 1, 2])))).toBe(true)
  })

  it.each([
    [
      'a unit that reaches past the end',
      plantUnits('plain.heic', none, Buffer.from('ffffff004e01', 'hex')),
    ],
    ['a unit of one byte', plantUnits('plain.heic', none, withLength(Buffer.from([0x4e])))],
    [
      'a unit of AV1 that reaches past the end',
      plantUnits('plain.avif', none, Buffer.from('2affff7f', 'hex')),
    ],
    [
      'a size that never ends',
      plantUnits('plain.avif', none, Buffer.from(`2a${'ff'.repeat(9)}`, 'hex')),
    ],
    [
      'a unit of hvcC that reaches past the end',
      plantUnits('plain.heic', Buffer.from('a70001ffff', 'hex'), none),
    ],
  ])('leaves a picture alone with %s', async (_, whole) => {
    await expectLeftAlone(whole)
  })
})

describe('blankUnit', () => {
  const header = Buffer.from(hevcSei, 'hex')

  it('fills a remark of any length with messages that fill it exactly', () => {
    for (let bytes = 3; bytes < 1600; bytes += 1)
      expect(messagesIn(blankUnit(hevc, header, bytes))).toBe(bytes)
  })

  it('never writes three bytes that decoders take for a start', () => {
    for (let bytes = 0; bytes < 1600; bytes += 1)
      for (const format of [hevc, avc])
        expect(Buffer.from(blankUnit(format, header, bytes)).includes(Buffer.alloc(2))).toBe(false)
  })
})

/** H.265 §7.3.5: the length of filler messages up to the bit that ends them. */
function messagesIn(unit: Uint8Array): number {
  let at = 0
  while (unit[at] !== 0x80) {
    expect(unit[at]).toBe(3)
    let size = 0
    for (at += 1; unit[at] === 0xff; at += 1) size += 255
    size += unit[at] ?? 0
    expect(unit.subarray(at + 1, at + 1 + size).every((byte) => byte === 0xff)).toBe(true)
    at += 1 + size
  }
  return at + 1
}
