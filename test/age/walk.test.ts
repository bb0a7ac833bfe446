import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/age/bytes.ts'
import { AgeError } from '../../src/age/errors.ts'
import { sealFile } from '../../src/age/file.ts'
import type { Stanza } from '../../src/age/header.ts'
import { encodeHeader, maxHeaderBytes } from '../../src/age/header.ts'
import { generateIdentity } from '../../src/age/keys.ts'
import { noblePrimitives } from '../../src/age/noble.ts'
import { sealWithPassphrase } from '../../src/age/passphrase.ts'
import { chunkBytes, inlineEngine, tagBytes } from '../../src/age/stream.ts'
import { EnvelopeWalker, maxStanzas } from '../../src/age/walk.ts'
import { gather, pieces } from './pieces.ts'

const mac = new Uint8Array(32)
const nonceBytes = 16

function walk(file: Uint8Array, step = Infinity): string {
  const walker = new EnvelopeWalker()
  try {
    for (let start = 0; start < file.length; start += step)
      walker.push(file.subarray(start, start + step))
    walker.finish()
    return 'accepted'
  } catch (error) {
    if (error instanceof AgeError) return error.code
    throw error
  }
}

const stanza = (...args: string[]): Stanza => ({ args, body: new Uint8Array(32) })
const fileOf = (stanzas: Stanza[], payloadBytes: number) =>
  concat(encodeHeader(stanzas, mac), new Uint8Array(payloadBytes))
const minimalPayload = nonceBytes + tagBytes

describe('EnvelopeWalker', () => {
  it('accepts what the age core seals, and returns its shape', async () => {
    const recipients = [
      generateIdentity(noblePrimitives, 'hybrid'),
      generateIdentity(noblePrimitives, 'hybrid'),
    ]
    const tools = { primitives: noblePrimitives, engine: inlineEngine(noblePrimitives) }
    const file = await gather(sealFile(tools, recipients, pieces(new Uint8Array(100_000), 1000)))
    const walker = new EnvelopeWalker()
    walker.push(file)
    const shape = walker.finish()
    expect(shape.payloadBytes).toBe(nonceBytes + 100_000 + 2 * tagBytes)
    expect(shape.headerBytes + shape.payloadBytes).toBe(file.length)
  })

  it.each([
    ['33 stanzas', '-> a\n\n'.repeat(32), '-> a\n', 'TOO_MANY_STANZAS'],
    ['a passphrase', '-> a\n\n', '-> scrypt a 10\n', 'PASSPHRASE_STANZA'],
    ['an ssh key', '-> a\n\n', '-> ssh-ed25519 a\n', 'SSH_STANZA'],
  ])('refuses %s at the line that shows it, not at the end', (_what, before, line, code) => {
    const walker = new EnvelopeWalker()
    const push = (text: string): void => walker.push(new TextEncoder().encode(text))
    push(`age-encryption.org/v1\n${before}${line.slice(0, -1)}`)
    expect(() => push('\n')).toThrow(expect.objectContaining({ code }))
  })

  describe('when a header is crafted to use much memory', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const intro = 'age-encryption.org/v1\n'
    const upTo = (text: string, most: number) => text.repeat(Math.floor((most - 100) / text.length))

    it.each([
      ['has ten thousand arguments', `${intro}-> ${upTo('a ', maxHeaderBytes)}a\n`],
      [
        'has a thousand lines in a body',
        `${intro}-> a\n${upTo(`${'A'.repeat(64)}\n`, maxHeaderBytes)}`,
      ],
      ['is whole', `${intro}-> ${'a'.repeat(60_000)}\n\n--- ${'A'.repeat(43)}\n`],
    ])('keeps little in the heap of one that %s', (_how, text) => {
      const bytes = new TextEncoder().encode(text)
      const walkers = Array.from({ length: 100 }, () => new EnvelopeWalker())
      collect()
      const before = process.memoryUsage().heapUsed
      for (const walker of walkers) walker.push(bytes)
      collect()
      const perWalker = (process.memoryUsage().heapUsed - before) / walkers.length
      expect(perWalker).toBeLessThan(8 * 1024)
      // Use the walkers after the measurement, so that they are not garbage-collected before it.
      expect(walkers.every((walker) => walker instanceof EnvelopeWalker)).toBe(true)
    })
  })

  describe('when the payload ends at an impossible place', () => {
    const sealedChunk = chunkBytes + tagBytes
    it.each([
      [0, 'PAYLOAD_TRUNCATED'],
      [minimalPayload - 1, 'PAYLOAD_TRUNCATED'],
      [minimalPayload, 'accepted'],
      [minimalPayload + 1, 'accepted'],
      [nonceBytes + sealedChunk, 'accepted'],
      [nonceBytes + sealedChunk + tagBytes - 1, 'PAYLOAD_TRUNCATED'],
      // age §2.3.2: the last chunk may be empty only if it is the first.
      [nonceBytes + sealedChunk + tagBytes, 'PAYLOAD_TRUNCATED'],
      [nonceBytes + sealedChunk + tagBytes + 1, 'accepted'],
      [nonceBytes + 2 * sealedChunk, 'accepted'],
    ])('judges %d payload bytes %s', (payloadBytes, outcome) => {
      const file = fileOf([stanza('X25519', 'a')], payloadBytes)
      expect(walk(file)).toBe(outcome)
      expect(walk(file, 4097)).toBe(outcome)
    })
  })

  describe('when it is sealed to the wrong kind', () => {
    it.each([
      ['scrypt', 'PASSPHRASE_STANZA'],
      ['ssh-ed25519', 'SSH_STANZA'],
      ['ssh-rsa', 'SSH_STANZA'],
      ['piv-p256', 'accepted'],
      ['X25519', 'accepted'],
    ])('judges a %s stanza %s', (type, outcome) => {
      expect(walk(fileOf([stanza(type, 'a')], minimalPayload))).toBe(outcome)
    })

    it('refuses a file made by age -p', async () => {
      const file = await sealWithPassphrase(noblePrimitives, new Uint8Array(10), 'pass', 2)
      expect(walk(file)).toBe('PASSPHRASE_STANZA')
    })
  })

  it.each([
    [0, 'NO_STANZAS'],
    [1, 'accepted'],
    [maxStanzas - 1, 'accepted'],
    [maxStanzas, 'accepted'],
    [maxStanzas + 1, 'TOO_MANY_STANZAS'],
  ])('judges %d stanzas %s', (count, outcome) => {
    expect(
      walk(
        fileOf(
          Array.from({ length: count }, () => stanza('X25519', 'a')),
          minimalPayload,
        ),
      ),
    ).toBe(outcome)
  })

  it('throws only AgeError, and decides the same in any pieces', () => {
    const valid = fileOf([stanza('X25519', 'abc')], minimalPayload)
    const mutated = fc
      .tuple(fc.nat(valid.length - 1), fc.nat(255))
      .map(([at, byte]) => valid.with(at, byte))
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array(), mutated),
        fc.integer({ min: 1, max: 50 }),
        (file, step) => {
          expect(walk(file, step)).toBe(walk(file))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
