import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReplyError } from '../../src/replies/errors.ts'
import {
  formatIndex,
  indexFileName,
  indexTrustedComment,
  maxIndexBytes,
  parseIndex,
} from '../../src/replies/index-file.ts'
import { addDays } from '../../src/time/day.ts'
import { hex64, sampleIndex } from './samples.ts'

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

function refusalOf(bytes: Uint8Array): string | null {
  try {
    parseIndex(bytes)
  } catch (error) {
    if (error instanceof ReplyError && error.code === 'INDEX_INVALID') return error.message
    throw error
  }
  return null
}

const drop = (number: number, day: string) => ({
  id: number.toString(16).padStart(32, '0'),
  day,
  bytes: 140_288,
  sha256: hex64('c'),
})

const drops = (count: number) =>
  Array.from({ length: count }, (_, at) => drop(at, addDays('2027-03-01', -Math.min(at, 60))))

describe('formatIndex', () => {
  it('writes what parseIndex reads', () => {
    const index = sampleIndex({
      drops: drops(64),
      organisation: hex64('d'),
      closed: ['a'.repeat(56) + '.onion'],
      keyring: {
        sha256: hex64('a'),
        issued: '2027-02-01',
        older: Array.from({ length: 16 }, (_, at) => hex64(at === 10 ? '0' : at.toString(16))),
      },
    })
    const bytes = formatIndex(index)
    expect(parseIndex(bytes)).toEqual(index)
    expect(bytes.length).toBeLessThan(maxIndexBytes)
  })

  it('names the files and the comments', () => {
    expect(indexFileName(null)).toBe('index.json')
    expect(indexFileName('4F1C')).toBe('index-4F1C.json')
    expect(indexTrustedComment(sampleIndex())).toBe('tumen replies index seq 7, 2027-03-01')
  })
})

describe('parseIndex', () => {
  it('ignores fields of later editions', () => {
    expect(parseIndex(encode({ ...sampleIndex(), motto: 'x' }))).toEqual(sampleIndex())
  })

  it.each([
    ['another format', { format: 'x' }, 'format'],
    ['another version', { version: 2 }, 'version'],
    ['no day', { day: '2027-13-01' }, 'day'],
    ['seq 0', { seq: 0 }, 'seq'],
    ['half a seq', { seq: 1.5 }, 'seq'],
    ['a huge seq', { seq: 2 ** 53 }, 'seq'],
    ['reads as text', { reads: '2' }, 'reads'],
    ['no keyring', { keyring: null }, 'keyring'],
    ['a short sha256', { keyring: { sha256: 'a', issued: '2027-01-01', older: [] } }, 'keyring'],
    [
      'seventeen older keyrings',
      {
        keyring: {
          sha256: hex64('a'),
          issued: '2027-01-01',
          older: Array.from({ length: 17 }, () => hex64('b')),
        },
      },
      'older',
    ],
    [
      'itself among the older',
      { keyring: { sha256: hex64('a'), issued: '2027-01-01', older: [hex64('a')] } },
      'older',
    ],
    ['a wrong organisation', { organisation: 5 }, 'organisation'],
    ['an address with a line break', { closed: ['a\nb'] }, 'closed'],
    ['65 drops', { drops: drops(65) }, 'drops'],
    ['a drop twice', { drops: [drop(1, '2027-03-01'), drop(1, '2027-03-01')] }, 'twice'],
    ['drops oldest first', { drops: [drop(1, '2027-02-01'), drop(2, '2027-02-02')] }, 'newest'],
    ['a drop after its day', { drops: [drop(1, '2027-03-02')] }, 'newest'],
    ['a drop of 61 days before', { drops: [drop(1, addDays('2027-03-01', -61))] }, '60 days'],
    ['a drop of another length', { drops: [{ ...drop(1, '2027-03-01'), bytes: 1 }] }, 'bytes'],
    ['drops that are no list', { drops: {} }, 'drops'],
  ])('refuses %s', (_, changes, named) => {
    expect(refusalOf(encode({ ...sampleIndex(), ...changes }))).toContain(named)
  })

  it('accepts 64 drops, the oldest of 60 days before', () => {
    expect(refusalOf(encode(sampleIndex({ drops: drops(64) })))).toBeNull()
  })

  it('refuses more bytes than the bound', () => {
    expect(refusalOf(new Uint8Array(maxIndexBytes + 1))).toContain('longer')
  })

  it('throws nothing but ReplyError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map(encode),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          expect(refusalOf(bytes)).not.toBeNull()
        },
      ),
    )
  })
})
