/** AV1 §6.2.2: sequence header, delimiter, frames and tiles. */
const neededTypes: readonly number[] = [1, 2, 3, 4, 6, 7]
const padding = 15

/** One unit of a coded AV1 picture. */
export interface Obu {
  header: number
  headerAt: number
  start: number
  end: number
}

/** Whether decoders need the unit: no metadata, padding, or anything reserved. */
export function isNeeded({ header }: Obu): boolean {
  return neededTypes.includes((header >> 3) & 15)
}

/** The header of a unit that decoders skip, with a size where the old one had one. */
export function toPadding(header: number): number {
  return (header & ~0x78) | (padding << 3)
}

/** §6.2.3: bytes of any value, and the bit that ends a unit. */
export function blankObu(bytes: number): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(bytes)
  if (bytes > 0) filled[bytes - 1] = 0x80
  return filled
}
