/**
 * The checksum of ISO 3309 as PNG uses it (third edition, annex D). It needs no lookup table,
 * because only a few small chunks are computed.
 */
export function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
