import { describe, expect, it } from 'vitest'
import { clean, expectCleaned, expectLeftAlone, expectNothingFound, secret } from './pictures.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const subBlocks = (...texts: readonly string[]): Buffer =>
  Buffer.concat([
    ...texts.map((text) => latin1(String.fromCharCode(text.length) + text)),
    Buffer.alloc(1),
  ])
const extension = (label: number, ...texts: readonly string[]): Buffer =>
  Buffer.concat([Buffer.from([0x21, label]), subBlocks(...texts)])

const header = latin1('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff')
const image = Buffer.concat([latin1(',\0\0\0\0\x01\0\x01\0\0\x02'), subBlocks('\x4c\x01')])
const imageWithTable = Buffer.concat([
  latin1(',\0\0\0\0\x01\0\x01\0\x81'),
  Buffer.alloc(12),
  latin1('\x02'),
  subBlocks('\x4c\x01'),
])
const control = extension(0xf9, '\0\x0a\0\0')
const loop = extension(0xff, 'NETSCAPE2.0', '\x01\0\0')

const gifWith = (...planted: readonly Uint8Array[]): Buffer =>
  Buffer.concat([header, ...planted, image, latin1(';')])
const plain = gifWith()

/**
 * Adobe's XMP is not made of sub-blocks; its trailer leads every reader to its end (XMP
 * specification part 3, §1.1.2).
 */
const xmp = Buffer.concat([
  latin1(`!\xff\x0bXMP DataXMP<x:xmpmeta>${secret}</x:xmpmeta>\x01`),
  Buffer.from([...Array(256).keys()].reverse()),
  Buffer.alloc(1),
])

describe('cleanGif', () => {
  it('finds nothing to remove in visible content', async () => {
    await expectNothingFound(plain)
    await expectNothingFound(gifWith(loop, control, imageWithTable, control))
    await expectNothingFound(gifWith(extension(0xff, 'ANIMEXTS1.0', '\x01\0\0')))
  })

  it.each([
    ['a comment', extension(0xfe, secret)],
    ['a comment in pieces', extension(0xfe, secret, secret, secret)],
    ['an empty comment', extension(0xfe)],
    ['XMP', xmp],
    ['an extension of a program', extension(0xff, 'MGK8BIM0000', secret)],
    [
      'extra bytes after the number of repetitions',
      extension(0xff, 'NETSCAPE2.0', '\x01\0\0', secret),
    ],
  ])('drops %s', async (_, planted) => {
    await expectCleaned(gifWith(planted), plain)
    await expectCleaned(Buffer.concat([plain.subarray(0, -1), planted, latin1(';')]), plain)
  })

  it.each([
    ['a second picture', plain],
    ['one byte', Buffer.alloc(1)],
  ])('drops %s after the end', async (_, trailer) => {
    await expectCleaned(Buffer.concat([plain, trailer]), plain)
  })

  it('puts the end where it is missing', async () => {
    await expectCleaned(plain.subarray(0, -1), plain)
  })

  it.each([
    ['without an end or a picture', header],
    ['that ends in its pixels', plain.subarray(0, -2)],
    ['that ends in its colour table', plain.subarray(0, 18)],
    ['with an unknown block', gifWith(Buffer.alloc(4))],
    ['with plain text', gifWith(extension(0x01, 'x'.repeat(12), secret))],
    ['with a graphic control that is too long', gifWith(extension(0xf9, secret))],
    ['with a comment that never ends', Buffer.concat([header, image, latin1('!\xfe\xff;')])],
  ])('leaves alone a picture %s', async (_, picture) => {
    await expectLeftAlone(picture)
  })

  it('stops, and leaves the picture alone, when there are millions of blocks', async () => {
    const picture = gifWith(Buffer.alloc(3_000_000, extension(0xfe)))
    expect((await clean(picture)).outcome).toBe('cannot_be_removed')
  })
})
