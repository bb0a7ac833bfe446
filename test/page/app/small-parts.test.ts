import { describe, expect, it } from 'vitest'
import { announcement, percentOf, writeTimeLeft } from '../../../src/page/app/amounts.ts'
import { writeBytes } from '../../../src/page/app/bytes.ts'
import { countryLabels } from '../../../src/page/app/countries.ts'
import { kindOf } from '../../../src/page/app/file-kind.ts'
import { detectThirdPress } from '../../../src/page/app/third-press.ts'
import type { DeferredWords } from '../../../src/page/app/speaking.ts'
import { later, problems } from '../../../src/page/languages/en.ts'
import { passingProblems } from '../../../src/wire/problem-codes.ts'
import type { SendingProgress } from '../../../src/page/sealing/sealer.ts'

const progress: SendingProgress = {
  phase: 'sending',
  doneBytes: 0,
  totalBytes: 1000,
  bytesPerSecond: null,
  secondsLeft: null,
  interruptions: 0,
  problem: null,
}

it.each([
  [0, '0 kB'],
  [1, '1 kB'],
  [999_999, '1,000 kB'],
  [1_250_000, '1.3 MB'],
  [250_000_000, '250 MB'],
  [1_500_000_000, '1.5 GB'],
])('shows %i bytes as %s', (bytes, text) => {
  expect(writeBytes(bytes, 'en')).toBe(text)
})

it.each([
  [5, 'less than a minute left'],
  [61, 'about 2 min left'],
  [5_400, 'about 90 min left'],
  [7_200, 'about 2 h left'],
])('shows %i seconds as %s', (seconds, text) => {
  expect(writeTimeLeft(seconds, later)).toBe(text)
})

it('percentOf never exceeds 100, and does not divide by zero', () => {
  expect(
    [
      { ...progress, doneBytes: 1001 },
      { ...progress, totalBytes: 0 },
      { ...progress, doneBytes: 999 },
    ].map(percentOf),
  ).toEqual([100, 0, 99])
})

describe('announcement', () => {
  const delayReasons = Object.fromEntries(
    passingProblems.map((code) => [code, problems.texts[code]]),
  ) as DeferredWords['delayReasons']
  const say = (before: SendingProgress | null, now: Partial<SendingProgress>) =>
    announcement(before, { ...progress, ...now }, later, delayReasons)

  it('is made only for a new phase or a new tenth', () => {
    expect(say(null, {})).toBe(later.sending.phases.sending)
    expect(say(progress, { doneBytes: 99 })).toBeNull()
    expect(say({ ...progress, doneBytes: 99 }, { doneBytes: 100 })).toBe('10 %')
    expect(say({ ...progress, doneBytes: 100 }, { doneBytes: 50 })).toBeNull()
  })

  it('repeats a message of the server once', () => {
    const waiting = { phase: 'waiting', problem: 'DRAINING' } as const
    expect(say(progress, waiting)).toBe(problems.texts.DRAINING[0])
    expect(say({ ...progress, ...waiting }, waiting)).toBeNull()
    expect(say({ ...progress, ...waiting }, {})).toBe(later.sending.phases.sending)
  })
})

describe('detectThirdPress', () => {
  it.each([
    [[0, 900, 2_000], true],
    [[0, 900, 2_001], false],
    [[0, 2_500, 3_000, 3_500], true],
    [[0, 1], false],
  ])('for presses at %j returns %s', (times, expected) => {
    const isThird = detectThirdPress()
    expect(times.map(isThird).at(-1)).toBe(expected)
  })
})

it.each([
  ['a.txt', '', [0xff, 0xd8, 0xff, 0xe0], 'picture'],
  ['a.jpg', 'image/jpeg', [1, 2], 'other'],
  ['a.mov', 'video/quicktime', [1], 'video'],
  ['a.HWP', '', [1], 'document'],
  ['a.pdf', 'application/pdf', [0x25], 'document'],
  ['a', '', [], 'other'],
  // A video or document under another name, and a type that the browser does not know.
  ['a.jpg', 'image/jpeg', [...Buffer.from('\0\0\0\x18ftypmp42')], 'video'],
  ['a', '', [...Buffer.from('\0\0\0\x14ftypqt  ')], 'video'],
  ['a.mkv', '', [0x1a, 0x45, 0xdf, 0xa3], 'video'],
  ['a.jpg', '', [...Buffer.from('%PDF-1.7')], 'document'],
  ['a.heic', '', [...Buffer.from('\0\0\0\x18ftypmsf1')], 'other'],
])('classifies %s (type %j, bytes %j) as %s', async (name, type, bytes, expected) => {
  expect(await kindOf(new File([new Uint8Array(bytes)], name, { type }))).toBe(expected)
})

it('countryLabels gives the countries in the language of the page', () => {
  expect(countryLabels('ko')).toMatchObject({ CN: '중국' })
  expect(countryLabels('zh')).toMatchObject({ KP: '朝鲜' })
})
