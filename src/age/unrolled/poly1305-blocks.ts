/**
 * Poly1305 (RFC 8439 §2.5) for an interpreter: numbers modulo p = 2^130 - 5 as six limbs of 22
 * bits, which doubles hold exactly. Nothing is called in the loop, and no branch or index depends
 * on a secret.
 *
 * Every sum and product below is an integer smaller than 2^53, so no double is ever rounded except
 * where rounding is the purpose. The bounds stand at the lines that need them.
 */

/** 2^22, the base of the limbs, and its inverse, both exact. */
const base = 4_194_304
const inverse = 1 / 4_194_304

/**
 * 1.5 · 2^52. Doubles from 2^52 to 2^53 are integers, so adding this to x rounds x to an integer,
 * and subtracting it again is exact. Valid for |x| ≤ 2^51; here |x| < 2^29.
 */
const rounder = 6_755_399_441_055_744

/** The accumulator `h` and the multiplier `r`, six limbs each, the lowest first. */
export interface Poly1305State {
  readonly h: Float64Array
  readonly r: Float64Array
}

/** @param key the words of `r` as RFC 8439 §2.5.1 clamps it: the first four of the one-time key */
export function startPoly1305(key: Int32Array): Poly1305State {
  const m0 = key[0]! & 0x0fffffff
  const m1 = key[1]! & 0x0ffffffc
  const m2 = key[2]! & 0x0ffffffc
  const m3 = key[3]! & 0x0ffffffc
  const r = new Float64Array(6)
  r[0] = m0 & 0x3fffff
  r[1] = ((m0 >>> 22) | (m1 << 10)) & 0x3fffff
  r[2] = ((m1 >>> 12) | (m2 << 20)) & 0x3fffff
  r[3] = (m2 >>> 2) & 0x3fffff
  r[4] = ((m2 >>> 24) | (m3 << 8)) & 0x3fffff
  // Bits 110 to 123: clamping cleared the four bits above, so r[5] < 2^14.
  r[5] = m3 >>> 14
  return { h: new Float64Array(6), r }
}

/** Adds `count` whole blocks of four words from `at` on. */
export function addPoly1305Blocks(
  { h, r }: Poly1305State,
  words: Int32Array,
  at: number,
  count: number,
): void {
  // 0 ≤ r0 … r4 < 2^22 and 0 ≤ r5 < 2^14.
  const r0 = r[0]!
  const r1 = r[1]!
  const r2 = r[2]!
  const r3 = r[3]!
  const r4 = r[4]!
  const r5 = r[5]!
  // 2^132 = 4 · 2^130 ≡ 20 (mod p): what a product has above limb 5 returns 20-fold at the bottom.
  // s1 … s4 < 20 · 2^22 and s5 < 20 · 2^14.
  const s1 = 20 * r1
  const s2 = 20 * r2
  const s3 = 20 * r3
  const s4 = 20 * r4
  const s5 = 20 * r5
  // Invariant at the head of the loop: |h0|, |h2| … |h5| ≤ 2^21 and |h1| ≤ 2^21 + 2^9.
  let h0 = h[0]!
  let h1 = h[1]!
  let h2 = h[2]!
  let h3 = h[3]!
  let h4 = h[4]!
  let h5 = h[5]!
  let a0 = 0
  let a1 = 0
  let a2 = 0
  let a3 = 0
  let a4 = 0
  let a5 = 0
  let m0 = 0
  let m1 = 0
  let c = 0
  for (const end = at + 4 * count; at < end; at += 4) {
    // A limb of the block is at least 0 and less than 2^22, so with the invariant
    // |a0| … |a5| < A = 2^21 + 2^9 + 2^22 < 1.501 · 2^22.
    a0 = h0 + ((m0 = words[at]!) & 0x3fffff)
    a1 = h1 + (((m0 >>> 22) | ((m1 = words[at + 1]!) << 10)) & 0x3fffff)
    a2 = h2 + (((m1 >>> 12) | ((m0 = words[at + 2]!) << 20)) & 0x3fffff)
    a3 = h3 + ((m0 >>> 2) & 0x3fffff)
    a4 = h4 + (((m0 >>> 24) | ((m1 = words[at + 3]!) << 8)) & 0x3fffff)
    // 2^18 in limb 5 is the bit 2^128 that §2.5 appends to each block; with it the limb is < 2^19.
    a5 = h5 + ((m1 >>> 14) | 0x40000)

    // Each product is at most A · 2^22 times the factor of its multiplier: 20 for s1 to s4, 20/2^8
    // for s5, 1 for r0 to r4, 1/2^8 for r5. Every partial sum is smaller than the sum of all
    // magnitudes, with A · 2^22 < 1.501 · 2^44:
    // h0: (1 + 4 · 20 + 20/256) · 1.501 · 2^44 < 122 · 2^44 < 2^51. The largest of the six.
    h0 = a0 * r0 + a1 * s5 + a2 * s4 + a3 * s3 + a4 * s2 + a5 * s1
    // h1: (2 + 3 · 20 + 20/256) · 1.501 · 2^44 < 94 · 2^44.
    h1 = a0 * r1 + a1 * r0 + a2 * s5 + a3 * s4 + a4 * s3 + a5 * s2
    // h2: (3 + 2 · 20 + 20/256) · 1.501 · 2^44 < 65 · 2^44.
    h2 = a0 * r2 + a1 * r1 + a2 * r0 + a3 * s5 + a4 * s4 + a5 * s3
    // h3: (4 + 20 + 20/256) · 1.501 · 2^44 < 37 · 2^44.
    h3 = a0 * r3 + a1 * r2 + a2 * r1 + a3 * r0 + a4 * s5 + a5 * s4
    // h4: (5 + 20/256) · 1.501 · 2^44 < 8 · 2^44.
    h4 = a0 * r4 + a1 * r3 + a2 * r2 + a3 * r1 + a4 * r0 + a5 * s5
    // h5: (5 + 1/256) · 1.501 · 2^44 < 8 · 2^44 = 2^47.
    h5 = a0 * r5 + a1 * r4 + a2 * r3 + a3 * r2 + a4 * r1 + a5 * r0

    // Carries. h · 2^-22 is exact, c is the nearest integer to it, c · 2^22 < 2^52 and the
    // difference, at most 2^21 in magnitude, are exact.
    // |c| ≤ 2^51 / 2^22 = 2^29, so adding it to the next limb leaves that below 2^51 + 2^29.
    c = h0 * inverse + rounder - rounder
    h0 -= c * base
    h1 += c
    c = h1 * inverse + rounder - rounder
    h1 -= c * base
    h2 += c
    c = h2 * inverse + rounder - rounder
    h2 -= c * base
    h3 += c
    c = h3 * inverse + rounder - rounder
    h3 -= c * base
    h4 += c
    c = h4 * inverse + rounder - rounder
    h4 -= c * base
    h5 += c
    // |h5| < 2^47 + 2^29, so |c| ≤ 2^25 + 2^8, and |20 · c| < 2^30 is added to |h0| ≤ 2^21.
    c = h5 * inverse + rounder - rounder
    h5 -= c * base
    h0 += 20 * c
    // |h0| < 2^30 + 2^21, so the last |c| ≤ 2^8 + 1 < 2^9 and |h1| ≤ 2^21 + 2^9: the invariant.
    c = h0 * inverse + rounder - rounder
    h0 -= c * base
    h1 += c
  }
  h[0] = h0
  h[1] = h1
  h[2] = h2
  h[3] = h3
  h[4] = h4
  h[5] = h5
}

/**
 * Writes the tag: (h mod p) + `s` mod 2^128, as four words, and erases the state.
 * @param s the last four words of the one-time key
 */
export function finishPoly1305({ h, r }: Poly1305State, s: Int32Array, tag: Int32Array): void {
  // |h| < 2^22 · 2^110 as a whole number, which is less than 8p. Adding 8p makes it positive:
  // 8p = 2^133 - 40 is -40 in limb 0 and 2^23 in limb 5 (2^133 = 2^23 · 2^110).
  h[0]! -= 40
  h[5]! += 8_388_608
  // Two rounds of carries bring every limb into its range and the whole below 2^130. Round one
  // leaves limbs 1 to 4 in [0, 2^22), limb 5 in [0, 2^20) and h[0] < 2^22 + 5 · 16. Round two can
  // carry out of limb 5 only if limbs 1 to 5 are full, and then leaves h[0] < 80 + 5.
  for (let round = 0; round < 2; round++) carry(h)
  // p ≤ h only if h + 5 reaches 2^130. `excess` is then 1, otherwise 0, and h + 5 - 2^130 = h - p.
  const reduced = h.slice()
  reduced[0]! += 5
  const excess = carryUp(reduced)
  for (let limb = 0; limb < 6; limb++) h[limb] = h[limb]! * (1 - excess) + reduced[limb]! * excess
  writeTag(h, s, tag)
  for (const secret of [h, r, reduced]) secret.fill(0)
}

/** Moves carries upwards, and what lies above 2^130 down again, five-fold. */
function carry(h: Float64Array): void {
  const above = carryUp(h)
  h[0]! += 5 * above
}

/** Moves carries upwards; cuts at 2^130 (limb 5 has 20 bits then) and returns what was above. */
function carryUp(h: Float64Array): number {
  let above = 0
  for (let limb = 0; limb < 6; limb++) {
    const limbBase = limb === 5 ? 1_048_576 : base
    const value = h[limb]! + above
    above = Math.floor(value / limbBase)
    h[limb] = value - above * limbBase
  }
  return above
}

function writeTag(h: Float64Array, s: Int32Array, tag: Int32Array): void {
  // Bits 0 to 127 of h as words. `|` and `<<` cut at 32 bits what the next word takes over.
  const words = [
    h[0]! | (h[1]! << 22),
    (h[1]! >>> 10) | (h[2]! << 12),
    (h[2]! >>> 20) | (h[3]! << 2) | (h[4]! << 24),
    (h[4]! >>> 8) | (h[5]! << 14),
  ]
  let above = 0
  for (let word = 0; word < 4; word++) {
    // Below 2^33, so the carry is 0 or 1.
    const sum = (words[word]! >>> 0) + (s[word]! >>> 0) + above
    above = Math.floor(sum / 4_294_967_296)
    tag[word] = sum
  }
}
