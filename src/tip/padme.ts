import { minPaddedBytes } from './bounds.ts'
import { TipError } from './errors.ts'

const floorLog2 = (value: number): number => {
  let exponent = 0
  // Counted in a loop, because Math.log2 rounds 2^49 - 1 up to 49, and shifts are limited to 32
  // bits.
  for (let rest = value; rest >= 2; rest = Math.floor(rest / 2)) exponent += 1
  return exponent
}

/**
 * Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019, §4): the smallest
 * length ≥ `bytes` whose binary mantissa is no longer than the binary form of its exponent. Adds at
 * most 12 %, and leaks O(log log n) bits instead of O(log n).
 *
 * @throws TipError `SIZE_INVALID` for anything but a whole number from 0 to 2^52.
 */
export function padmeLength(bytes: number): number {
  // Above 2^52 the rounded-up length might no longer be a safe integer.
  if (!Number.isInteger(bytes) || bytes < 0 || bytes > 2 ** 52) {
    throw new TipError('SIZE_INVALID', 'a length must be a whole number of bytes from 0 to 2^52')
  }
  if (bytes < 2) return bytes
  const exponent = floorLog2(bytes)
  const mantissaBits = floorLog2(exponent) + 1
  const step = 2 ** Math.max(0, exponent - mantissaBits)
  return Math.ceil(bytes / step) * step
}

/**
 * Length of the padded archive. From 64 KiB upwards all Padmé lengths are multiples of 2048, so
 * the result is always a number of whole tar blocks.
 *
 * @param tarBytes length of the archive with its two zero end blocks
 */
export function paddedTarBytes(tarBytes: number): number {
  return padmeLength(Math.max(tarBytes, minPaddedBytes))
}
