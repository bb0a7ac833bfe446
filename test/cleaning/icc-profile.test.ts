import { describe, expect, it } from 'vitest'
import { standardFor } from '../../src/cleaning/icc-profile.ts'
import { greyStandards, rgbStandards } from '../../src/cleaning/icc-standards.ts'
import {
  curveOf,
  gamma,
  greyProfile,
  rgbProfile,
  screenProfile,
  srgbLight,
  srgbPrimaries,
  srgbProfile,
  xyz,
} from './planted-profile.ts'

const all = [...rgbStandards, ...greyStandards]
const nameFor = (profile: Uint8Array): string | null => {
  const standard = standardFor(profile)
  return all.find((each) => each.profile === standard)?.name ?? null
}

/** ITU-R BT.2020 table 4, from signal to light. */
const rec2020Light = (value: number): number =>
  value < 0.08145 ? value / 4.5 : ((value + 0.0993) / 1.0993) ** (1 / 0.45)
const p3 = [
  [0.5151, 0.2412, -0.0011],
  [0.292, 0.6922, 0.0419],
  [0.1571, 0.0666, 0.7841],
]
const adobe = [
  [0.6097, 0.3111, 0.0195],
  [0.2053, 0.6257, 0.0609],
  [0.1492, 0.0632, 0.7446],
]
const rec2020 = [
  [0.6735, 0.279, -0.0019],
  [0.1657, 0.6753, 0.03],
  [0.1251, 0.0456, 0.7969],
]

describe('standardFor', () => {
  it.each([
    ['sRGB', srgbProfile()],
    ['sRGB', rgbProfile(srgbPrimaries, curveOf(26, srgbLight))],
    [
      'sRGB',
      rgbProfile(
        [
          [0.4359, 0.2224, 0.0139],
          [0.3851, 0.7169, 0.0971],
          [0.1431, 0.0606, 0.7139],
        ],
        curveOf(4096, srgbLight),
      ),
    ],
    ['Display P3', rgbProfile(p3, curveOf(1024, srgbLight))],
    ['Adobe RGB', rgbProfile(adobe, gamma(2.2))],
    ['Adobe RGB', rgbProfile(adobe, gamma(2.19921875))],
    ['Rec. 2020', rgbProfile(rec2020, curveOf(4096, rec2020Light))],
  ])('puts the one profile of %s in the place of a rounded one', (name, profile) => {
    expect(nameFor(profile)).toBe(name)
  })

  it.each(all)('knows its own profile of $name', ({ name, profile }) => {
    expect(nameFor(profile)).toBe(name)
    expect(nameFor(Buffer.concat([profile, Buffer.alloc(100)]))).toBe(name)
  })

  it.each([
    ['of a screen', screenProfile()],
    [
      'with primaries measured on a screen',
      rgbProfile([[0.4421, 0.2249, 0.0139], ...srgbPrimaries.slice(1)], curveOf(1024, srgbLight)),
    ],
    ['with a curve measured on a screen', rgbProfile(srgbPrimaries, gamma(2.1))],
    [
      'with one curve that differs',
      rgbProfile(srgbPrimaries, curveOf(1024, srgbLight), { bTRC: gamma(1) }),
    ],
    [
      'with the primaries in another order',
      rgbProfile(srgbPrimaries.toReversed(), curveOf(1024, srgbLight)),
    ],
    [
      'with tables beside a standard',
      rgbProfile(srgbPrimaries, curveOf(1024, srgbLight), { A2B0: Buffer.from('mft2') }),
    ],
    ['without its blue', rgbProfile(srgbPrimaries, curveOf(1024, srgbLight), { bXYZ: null })],
    [
      'with text for a colour',
      rgbProfile(srgbPrimaries, curveOf(1024, srgbLight), {
        bXYZ: Buffer.from('text\0\0\0\0blue-blue-blue'),
      }),
    ],
    ['with a curve of an unknown type', rgbProfile(srgbPrimaries, Buffer.from('abcd\0\0\0\0'))],
    [
      'with an unknown formula',
      rgbProfile(srgbPrimaries, Buffer.from('para\0\0\0\0\0\x05\0\0', 'latin1')),
    ],
    [
      'with a curve that is cut off',
      rgbProfile(srgbPrimaries, curveOf(1024, srgbLight).subarray(0, 100)),
    ],
    ['for printing', screenProfile({}, 'CMYKLab ')],
    ['of a Lab connection', screenProfile({}, 'RGB Lab ')],
    ['that is cut off', srgbProfile().subarray(0, -1)],
    ['of nothing', Buffer.alloc(0)],
    ['of text', Buffer.from('not a profile'.repeat(20))],
  ])('drops a profile %s', (_, profile) => {
    expect(standardFor(profile)).toBeNull()
  })

  it.each([
    ['Grey 2.2', greyProfile(gamma(2.2))],
    ['Grey sRGB', greyProfile(curveOf(256, srgbLight))],
    ['Grey 1.8', greyProfile(gamma(1.75))],
    ['Grey linear', greyProfile(gamma(1))],
    ['Grey 2.4', greyProfile(gamma(1), 'Lab ')],
    [null, greyProfile(curveOf(2, (value) => 1 - value))],
    [null, greyProfile(gamma(0))],
  ])('gives grey pictures the nearest curve: %s', (name, profile) => {
    expect(nameFor(profile)).toBe(name)
  })

  it('keeps the same colours, to less than one step of eight bits', () => {
    const [srgb] = rgbStandards
    expect(Buffer.from(srgb?.profile ?? []).includes(xyz(...(srgbPrimaries[0] ?? [])))).toBe(true)
    for (let i = 0; i < 256; i += 1)
      expect(Math.abs((srgb?.curve(i / 255) ?? 0) - srgbLight(i / 255))).toBeLessThan(1e-4)
  })
})
