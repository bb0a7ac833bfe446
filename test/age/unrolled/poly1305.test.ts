import { readFileSync } from 'node:fs'
import { poly1305 } from '@noble/ciphers/_poly1305.js'
import { describe, expect, it } from 'vitest'
import {
  addPoly1305Blocks,
  finishPoly1305,
  startPoly1305,
} from '../../../src/age/unrolled/poly1305-blocks.ts'

const prime = (1n << 130n) - 5n
const base = 1n << 22n
/** The largest `r` that clamping leaves: every limb at its bound. */
const largestR = Buffer.from('ffffff0ffcffff0ffcffff0ffcffff0f', 'hex')

const wordsOf = (bytes: Uint8Array) =>
  new Int32Array(Uint8Array.from(bytes).buffer) as Int32Array<ArrayBuffer>
const numberOf = (bytes: Uint8Array) =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`)
const valueOf = (limbs: Float64Array) =>
  [...limbs].reduceRight((sum, limb) => sum * base + BigInt(limb), 0n)
const modulo = (value: bigint) => ((value % prime) + prime) % prime

function tagOf(r: Uint8Array, s: Uint8Array, blocks: Uint8Array): Buffer {
  const state = startPoly1305(wordsOf(r))
  addPoly1305Blocks(state, wordsOf(blocks), 0, blocks.length / 16)
  const tag = new Int32Array(4)
  finishPoly1305(state, wordsOf(s), tag)
  return Buffer.from(tag.buffer)
}

interface Vector {
  name: string
  r: string
  s: string
  blocks: string
  tag: string
}
const vectors = JSON.parse(
  readFileSync('test/vectors/chacha20-poly1305/rfc8439-poly1305.json', 'utf8'),
) as Vector[]

describe('Poly1305', () => {
  it.each(vectors)('gives the tag of RFC 8439 $name', ({ r, s, blocks, tag }) => {
    const [rBytes, sBytes, message] = [r, s, blocks].map((hex) => Buffer.from(hex, 'hex')) as [
      Buffer,
      Buffer,
      Buffer,
    ]
    expect(tagOf(rBytes, sBytes, message).toString('hex')).toBe(tag)
    const noble = poly1305(message, Buffer.concat([rBytes, sBytes]))
    expect(Buffer.from(noble).toString('hex')).toBe(tag)
  })
})

/** All combinations of the two values for six limbs. */
const corners = Array.from({ length: 64 }, (_, bits) => bits)

describe('addPoly1305Blocks', () => {
  const blocks = ['00'.repeat(16), 'ff'.repeat(16), '00'.repeat(8) + 'ff'.repeat(8)]
  const multipliers = [
    largestR,
    Buffer.alloc(16),
    Buffer.from('04'.padStart(24, '0') + 'fcffff0f', 'hex'),
  ]
  const highest = 2 ** 21
  const highestOfLimb1 = 2 ** 21 + 2 ** 9

  it.each([
    { name: 'at the bounds', low: -1, high: 1 },
    { name: 'between zero and the upper bound', low: 0, high: 1 },
    { name: 'between the lower bound and zero', low: -1, high: 0 },
  ])('is exact, and keeps the bounds, for limbs $name', ({ low, high }) => {
    for (const bits of corners)
      for (const r of multipliers)
        for (const block of blocks) {
          const state = startPoly1305(wordsOf(r))
          for (let limb = 0; limb < 6; limb++)
            state.h[limb] =
              (limb === 1 ? highestOfLimb1 : highest) * ((bits >> limb) & 1 ? high : low)
          const message = Buffer.from(block, 'hex')
          const sum = valueOf(state.h) + numberOf(message) + (1n << 128n)
          const expected = modulo(sum * valueOf(state.r))
          addPoly1305Blocks(state, wordsOf(message), 0, 1)
          expect(modulo(valueOf(state.h))).toBe(expected)
          for (let limb = 0; limb < 6; limb++)
            expect(Math.abs(state.h[limb]!)).toBeLessThanOrEqual(
              limb === 1 ? highestOfLimb1 : highest,
            )
        }
  })

  it('is exact over thousands of blocks of ones with the largest multiplier', () => {
    const message = Buffer.alloc(16 * 5000, 0xff)
    const s = Buffer.alloc(16, 0xff)
    const noble = Buffer.from(poly1305(message, Buffer.concat([largestR, s])))
    expect(tagOf(largestR, s, message).equals(noble)).toBe(true)
  })
})

describe('finishPoly1305', () => {
  // Around every multiple of p that the limbs can hold, and at both ends of what they can hold.
  const values = [-2n, -1n, 0n, 1n, 2n, 3n].flatMap((multiple) =>
    [-6n, -5n, -1n, 0n, 1n, 4n, 5n, 6n].map((offset) => multiple * prime + offset),
  )

  it.each(values)('reduces %d', (value) => {
    const state = startPoly1305(new Int32Array(4))
    let left = value
    for (let limb = 0; limb < 5; limb++) {
      const low = ((left % base) + base) % base
      const digit = low > base / 2n ? low - base : low
      state.h[limb] = Number(digit)
      left = (left - digit) / base
    }
    state.h[5] = Number(left)
    expect(valueOf(state.h)).toBe(value)
    const tag = new Int32Array(4)
    finishPoly1305(state, new Int32Array(4), tag)
    expect(numberOf(new Uint8Array(tag.buffer))).toBe(modulo(value) % (1n << 128n))
    expect([...state.h, ...state.r].every((limb) => limb === 0)).toBe(true)
  })

  it('carries through all words of the sum', () => {
    const state = startPoly1305(new Int32Array(4))
    state.h[0] = 1
    const tag = new Int32Array(4)
    finishPoly1305(state, new Int32Array(4).fill(-1), tag)
    expect([...tag]).toEqual([0, 0, 0, 0])
  })
})
