import { ByteCursor } from './byte-cursor.ts'
import { malformed } from './errors.ts'

/** A tone curve: maps a coded value from 0 to 1 to an amount of light from 0 to 1. */
export type Curve = (value: number) => number

/** The greatest difference between two curves, at the 256 values of eight bits. */
export function differenceOf(left: Curve, right: Curve): number {
  return Math.max(
    ...Array.from({ length: 256 }, (_, i) => Math.abs(left(i / 255) - right(i / 255))),
  )
}

/**
 * Reads a curve of the type `curv` or `para`.
 *
 * @throws CleaningError `MALFORMED`
 */
export function readCurve(element: Uint8Array): Curve {
  const cursor = new ByteCursor(element)
  const type = cursor.text(4)
  cursor.take(4)
  if (type === 'curv') return readTable(cursor)
  if (type === 'para') return readFormula(cursor)
  throw malformed('a tone curve')
}

/** ICC.1:2022 §10.6: no value means a straight line, and one value is an exponent. */
function readTable(cursor: ByteCursor): Curve {
  const count = cursor.uint(4)
  if (count === 0) return (value) => value
  if (count === 1) {
    const exponent = cursor.uint(2) / 256
    return (value) => value ** exponent
  }
  if (cursor.leftBytes < 2 * count) throw malformed('a tone curve')
  const points = Array.from({ length: count }, () => cursor.uint(2) / 65535)
  return (value) => {
    const at = value * (count - 1)
    const [low = 0, high = low] = points.slice(Math.floor(at), Math.floor(at) + 2)
    return low + (high - low) * (at % 1)
  }
}

/** §10.18: an exponential part, and for all types but 0 another part below `d`. */
function readFormula(cursor: ByteCursor): Curve {
  const type = cursor.uint(2)
  cursor.take(2)
  const count = [1, 3, 4, 5, 7][type]
  if (count === undefined) throw malformed('a tone curve')
  const values = Array.from({ length: count }, () => readFixed(cursor))
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = values
  if (type === 0) return (value) => value ** g
  if (type < 3) {
    const shift = type === 2 ? c : 0
    return (value) => (value >= -b / a ? (a * value + b) ** g : 0) + shift
  }
  return (value) => (value >= d ? (a * value + b) ** g + e : c * value + f)
}

/** §4.6: a signed number with sixteen bits after the point. */
export function readFixed(cursor: ByteCursor): number {
  return (cursor.uint(4) | 0) / 65536
}
