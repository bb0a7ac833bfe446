import { concat } from '../age/bytes.ts'
import { ByteCursor } from './byte-cursor.ts'
import { toUint32 } from './bytes.ts'

/**
 * PNG, third edition, §11.3.2.1: white, red, green and blue as x and y each, times 100,000, of
 * sRGB, Display P3, Adobe RGB and Rec. 2020. Other values were measured on one screen.
 */
const primaries: readonly (readonly number[])[] = [
  [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000],
  [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000],
  [31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000],
  [31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600],
]
const primariesRounding = 250

/** §11.3.2.2: 1 / 2.2, 1 / 1.8, 1 / 2.4 and 1, times 100,000. */
const gammas = [45455, 55556, 41667, 100_000]
const gammaRounding = 500

/** @returns null if the primaries are not those of a standard. */
export function standardPrimaries(body: Uint8Array): Uint8Array | null {
  return toNearest(body, primaries, primariesRounding)
}

/** @returns null if the gamma is not a usual one. */
export function standardGamma(body: Uint8Array): Uint8Array | null {
  return toNearest(
    body,
    gammas.map((gamma) => [gamma]),
    gammaRounding,
  )
}

function toNearest(
  body: Uint8Array,
  standards: readonly (readonly number[])[],
  rounding: number,
): Uint8Array | null {
  const cursor = new ByteCursor(body)
  const values = Array.from({ length: Math.floor(body.length / 4) }, () => cursor.uint(4))
  const found = standards.find(
    (standard) =>
      body.length === 4 * standard.length &&
      standard.every((value, i) => Math.abs(value - (values[i] ?? 0)) <= rounding),
  )
  return found === undefined ? null : concat(...found.map((value) => toUint32(value)))
}
