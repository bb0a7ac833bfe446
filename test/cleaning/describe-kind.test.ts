import { describe, expect, it } from 'vitest'
import { describeKind, kindBytes } from '../../src/cleaning/describe-kind.ts'
import { pictureNames, readPicture } from './pictures.ts'

const kinds: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  png: 'png',
  webp: 'webp',
  heic: 'heif',
  avif: 'heif',
  gif: 'gif',
}

describe('describeKind', () => {
  it.each(pictureNames)('recognises %s by its first bytes', (name) => {
    expect(describeKind(readPicture(name).subarray(0, kindBytes))).toBe(
      kinds[name.split('.')[1] ?? ''],
    )
  })

  it.each(pictureNames)('does not recognise the first two bytes of %s', (name) => {
    expect(describeKind(readPicture(name).subarray(0, 2))).toBe('other')
  })

  it.each(['camera.webp', 'camera.heic'])('needs all twelve bytes of %s', (name) => {
    expect(describeKind(readPicture(name).subarray(0, kindBytes - 1))).toBe('other')
  })

  it.each(['mif1', 'mif2', 'heic', 'heix', 'heim', 'heis', 'avif'])(
    'treats %s as a still picture',
    (brand) => {
      expect(describeKind(Buffer.from(`\0\0\0\x18ftyp${brand}`, 'latin1'))).toBe('heif')
    },
  )

  it.each(['msf1', 'hevc', 'hevx', 'avis', 'mp42', 'isom', 'qt  '])(
    'treats %s as something else',
    (brand) => {
      expect(describeKind(Buffer.from(`\0\0\0\x18ftyp${brand}`, 'latin1'))).toBe('other')
    },
  )
})
