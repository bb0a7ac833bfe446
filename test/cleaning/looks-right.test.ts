import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { greyStandards, rgbStandards } from '../../src/cleaning/icc-standards.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { clean, readPicture } from './pictures.ts'
import { segment } from './planted-jpeg.ts'
import { curveOf, gamma, greyProfile, rgbProfile, srgbProfile } from './planted-profile.ts'
import { hasAll } from './tools.ts'

const camera = readPicture('plain.jpg')
const withProfile = (picture: Buffer, profile: Uint8Array): Buffer =>
  Buffer.concat([
    picture.subarray(0, 2),
    segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile])),
    picture.subarray(2),
  ])

function convert(args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync('convert', args)
  if (status !== 0) throw new Error(`convert: ${String(stderr)}`)
  return stdout
}

/** The pixels as ImageMagick shows them on an sRGB screen, converted by Little CMS. */
async function show(picture: Uint8Array): Promise<Buffer> {
  const dir = await makeTempDir()
  const [path, screen] = [join(dir, 'picture.jpg'), join(dir, 'screen.icc')]
  writeFileSync(path, picture)
  writeFileSync(screen, srgbProfile())
  return convert([path, '-profile', screen, '-depth', '8', 'rgb:-'])
}

const differenceOf = (left: Buffer, right: Buffer): number =>
  Math.max(...left.map((value, i) => Math.abs(value - (right[i] ?? 0))))

describe.skipIf(!hasAll('what pictures with other profiles show', 'identify'))(
  'what a picture shows after its profile was replaced',
  () => {
    it.each(rgbStandards)('is the same with $name', async ({ name, primaries, curve }) => {
      const [red, green, blue] = [0, 3, 6].map((at) => primaries.slice(at, at + 3))
      const measured = rgbProfile([red ?? [], green ?? [], blue ?? []], curveOf(1024, curve))
      const before = withProfile(camera, measured)
      const { outcome, bytes } = await clean(before)
      expect([outcome, bytes.includes('TUMEN-SECRET')]).toEqual(['removed', false])
      const shown = await show(before)
      expect(differenceOf(shown, await show(bytes))).toBeLessThanOrEqual(2)
      if (name !== 'sRGB') expect(differenceOf(shown, await show(camera))).toBeGreaterThan(8)
    })

    it.each([
      ['gamma 2.2', gamma(2.2)],
      ['gamma 1.8', gamma(1.8)],
      ['a straight line', gamma(1)],
    ])('is the same in grey with %s', async (_, curve) => {
      const grey = convert([...(await inFile(camera)), '-colorspace', 'Gray', 'jpg:-'])
      const before = withProfile(grey, greyProfile(curve))
      const { outcome, bytes } = await clean(before)
      expect(outcome).toBe('removed')
      expect(greyStandards.some(({ profile }) => bytes.includes(Buffer.from(profile)))).toBe(true)
      expect(differenceOf(await show(before), await show(bytes))).toBeLessThanOrEqual(2)
    })
  },
)

async function inFile(picture: Uint8Array): Promise<string[]> {
  const path = join(await makeTempDir(), 'picture.jpg')
  writeFileSync(path, picture)
  return [path]
}
