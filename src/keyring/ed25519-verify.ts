import { sha512 } from '@noble/hashes/sha2.js'

import { concat, equalConstantTime } from '../age/bytes.ts'

// Ed25519 verification (RFC 8032 §5.1.7) and nothing else of it. Everything here is public, so nothing
// needs constant time; noble's curves would be a fifth of all that the page's sealing loads.

const fieldPrime = (1n << 255n) - 19n
const groupOrder = (1n << 252n) + 27742317777372353535851937790883648493n
const curveD = modulo(-121665n * power(121666n, fieldPrime - 2n))
const rootOfMinusOne = power(2n, (fieldPrime - 1n) / 4n)

/** Extended coordinates (RFC 8032 §5.1.4): x = X/Z, y = Y/Z, T = XY/Z. */
interface Point {
  x: bigint
  y: bigint
  z: bigint
  t: bigint
}

const neutral: Point = { x: 0n, y: 1n, z: 1n, t: 0n }
/** RFC 8032 §5.1: y = 4/5, x even. */
const base = decodePoint(encodeNumber(modulo(4n * power(5n, fieldPrime - 2n)))) ?? neutral

/**
 * Strict: refuses an S that is not reduced, encodings of a point other than its own, and keys of
 * small order, for which some signatures fit any message.
 */
export function isSignedBy(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const [encodedR, scalar] = [signature.subarray(0, 32), decodeNumber(signature.subarray(32))]
  const key = decodePoint(publicKey)
  if (signature.length !== 64 || scalar >= groupOrder || key === null || isOfSmallOrder(key)) return false
  const challenge = decodeNumber(sha512(concat(encodedR, publicKey, message))) % groupOrder
  // [S]B = R + [k]A, by comparing the bytes of [S]B - [k]A with those of R.
  return equalConstantTime(encodePoint(multiplyTwo(scalar, base, challenge, negate(key))), encodedR)
}

/** [a]P + [b]Q. */
function multiplyTwo(a: bigint, p: Point, b: bigint, q: Point): Point {
  const both = add(p, q)
  let sum = neutral
  for (let bit = 255n; bit >= 0n; bit--) {
    sum = add(sum, sum)
    const [isA, isB] = [(a >> bit) & 1n, (b >> bit) & 1n]
    if (isA && isB) sum = add(sum, both)
    else if (isA) sum = add(sum, p)
    else if (isB) sum = add(sum, q)
  }
  return sum
}

/** RFC 8032 §5.1.4: complete, so it also doubles. */
function add(p: Point, q: Point): Point {
  const a = modulo((p.y - p.x) * (q.y - q.x))
  const b = modulo((p.y + p.x) * (q.y + q.x))
  const c = modulo(2n * p.t * q.t * curveD)
  const d = modulo(2n * p.z * q.z)
  const [e, f, g, h] = [b - a, d - c, d + c, b + a]
  return { x: modulo(e * f), y: modulo(g * h), z: modulo(f * g), t: modulo(e * h) }
}

function negate({ x, y, z, t }: Point): Point {
  return { x: modulo(-x), y, z, t: modulo(-t) }
}

function isOfSmallOrder(point: Point): boolean {
  const twice = add(point, point)
  const fourTimes = add(twice, twice)
  return add(fourTimes, fourTimes).x === 0n
}

/** RFC 8032 §5.1.3; null for what is no point, or not the one encoding of it. */
function decodePoint(bytes: Uint8Array): Point | null {
  const encoded = decodeNumber(bytes)
  const sign = encoded >> 255n
  const y = encoded & ((1n << 255n) - 1n)
  if (bytes.length !== 32 || y >= fieldPrime) return null
  const x = rootOf(modulo(y * y - 1n), modulo(curveD * y * y + 1n))
  if (x === null || (x === 0n && sign === 1n)) return null
  const signed = (x & 1n) === sign ? x : fieldPrime - x
  return { x: signed, y, z: 1n, t: modulo(signed * y) }
}

/** A square root of u/v, or null. */
function rootOf(u: bigint, v: bigint): bigint | null {
  const candidate = modulo(u * v ** 3n * power(modulo(u * v ** 7n), (fieldPrime - 5n) / 8n))
  const found = modulo(v * candidate * candidate)
  if (found === u) return candidate
  return found === modulo(-u) ? modulo(candidate * rootOfMinusOne) : null
}

function encodePoint({ x, y, z }: Point): Uint8Array {
  const inverse = power(z, fieldPrime - 2n)
  return encodeNumber(modulo(y * inverse) | ((modulo(x * inverse) & 1n) << 255n))
}

function decodeNumber(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

function encodeNumber(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((number >> BigInt(8 * at)) & 255n))
}

function modulo(number: bigint): bigint {
  const rest = number % fieldPrime
  return rest < 0n ? rest + fieldPrime : rest
}

function power(number: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = number, left = exponent; left > 0n; left >>= 1n, square = modulo(square * square)) {
    if (left & 1n) result = modulo(result * square)
  }
  return result
}
