import { describe, expect, it } from 'vitest'
import { CleaningError } from '../../src/cleaning/errors.ts'
import { cleanPrintProfile } from '../../src/cleaning/icc-print-profile.ts'
import { secret } from './pictures.ts'
import { screenProfile } from './planted-profile.ts'

const cleaned = Buffer.from(cleanPrintProfile(screenProfile()))

function tagsOf(profile: Buffer): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: profile.readUInt32BE(128) }, (_, i) => {
      const at = 132 + 12 * i
      const start = profile.readUInt32BE(at + 4)
      return [
        profile.toString('latin1', at, at + 4),
        profile.toString('latin1', start, start + profile.readUInt32BE(at + 8)),
      ]
    }),
  )
}

describe('cleanPrintProfile', () => {
  it('keeps the length, and only the header fields that affect colours', () => {
    expect(cleaned.length).toBe(screenProfile().length)
    for (const [start, end] of [
      [0, 4],
      [8, 24],
      [36, 40],
      [64, 80],
    ] as const)
      expect(cleaned.subarray(start, end)).toEqual(screenProfile().subarray(start, end))
    for (const [start, end] of [
      [4, 8],
      [24, 36],
      [40, 64],
      [80, 128],
    ] as const)
      expect(cleaned.subarray(start, end)).toEqual(Buffer.alloc(end - start))
  })

  it('keeps colour tags unchanged, and empties the texts', () => {
    const { desc, cprt, dmdd, mmod, targ, ...colours } = tagsOf(screenProfile())
    const { desc: emptyName, cprt: emptyRight, ...kept } = tagsOf(cleaned)
    expect(kept).toEqual(colours)
    expect(emptyName).toBe(`desc\0\0\0\0\0\0\0\x01${'\0'.repeat((desc?.length ?? 0) - 12)}`)
    expect(emptyRight).toBe(`text${'\0'.repeat((cprt?.length ?? 0) - 4)}`)
    expect([dmdd, mmod, targ].every((text) => text?.includes(secret))).toBe(true)
    expect(cleaned.includes('SECRET')).toBe(false)
  })

  it('empties texts of version 4', () => {
    const text = Buffer.from(
      `mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\x1a\0\0\0\x1c${secret.padEnd(26)}`,
    )
    const { desc } = tagsOf(Buffer.from(cleanPrintProfile(screenProfile({ desc: text }))))
    expect(desc).toBe(`mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\0\0\0\0\x1c${'\0'.repeat(26)}`)
  })

  it.each([
    ['text under the name of a colour', { rXYZ: Buffer.from(`text\0\0\0\0${secret}`) }, 'rXYZ'],
    ['a description of an unknown type', { desc: Buffer.from(`utf8\0\0\0\0${secret}`) }, 'desc'],
    [
      'a description that is too short to be one',
      { desc: Buffer.from(`desc\0\0\0\0\0\0\0\x0c${secret}`) },
      'desc',
    ],
  ])('drops %s', (_, changes, name) => {
    const profile = Buffer.from(cleanPrintProfile(screenProfile(changes)))
    expect(Object.keys(tagsOf(profile))).not.toContain(name)
    expect(profile.includes(secret)).toBe(false)
  })

  it('accepts several tags that share one element', () => {
    const shared = screenProfile()
    const [red, green] = ['rTRC', 'gTRC'].map((name) => shared.indexOf(name)) as [number, number]
    shared.copy(shared, green + 4, red + 4, red + 12)
    expect(tagsOf(Buffer.from(cleanPrintProfile(shared)))).toMatchObject({
      rTRC: tagsOf(shared).rTRC,
      gTRC: tagsOf(shared).rTRC,
    })
  })

  it('drops what follows the profile', () => {
    const profile = Buffer.from(
      cleanPrintProfile(Buffer.concat([screenProfile(), Buffer.from(secret)])),
    )
    expect(profile).toEqual(Buffer.concat([cleaned, Buffer.alloc(secret.length)]))
  })

  it('finds nothing more in a cleaned profile', () => {
    expect(Buffer.from(cleanPrintProfile(cleaned))).toEqual(cleaned)
  })

  it.each([
    ['is cut off', (profile: Buffer) => profile.subarray(0, -1)],
    ['is not marked as one', (profile: Buffer) => profile.fill('x', 36, 40)],
    ['has a tag past its end', (profile: Buffer) => profile.fill(0x7f, 136, 140)],
    ['has a tag in its header', (profile: Buffer) => profile.fill(0, 136, 140)],
    [
      'has a text that reaches into colours',
      (profile: Buffer) => {
        const size = profile.indexOf('cprt') + 8
        profile.writeUInt32BE(profile.readUInt32BE(size) + 4, size)
        return profile
      },
    ],
    [
      'has a hundred and one tags',
      (profile: Buffer) => {
        profile.writeUInt32BE(101, 128)
        return Buffer.concat([profile, Buffer.alloc(2000)])
      },
    ],
    ['is empty', () => Buffer.alloc(0)],
  ])('refuses a profile that %s', (_, damage) => {
    expect(() => cleanPrintProfile(damage(screenProfile()))).toThrow(CleaningError)
  })

  it.each([
    [99, true],
    [100, true],
    [101, false],
  ])('with %i tags, reads the profile: %s', (count, isRead) => {
    const names = Array.from({ length: count - 12 }, (_, i) => `x${String(i).padStart(3, '0')}`)
    const profile = screenProfile(
      Object.fromEntries(names.map((name) => [name, Buffer.from(`text${secret}`)])),
    )
    expect(profile.readUInt32BE(128)).toBe(count)
    const run = () => Buffer.from(cleanPrintProfile(profile)).includes(secret)
    if (isRead) expect(run()).toBe(false)
    else expect(run).toThrow(CleaningError)
  })
})
