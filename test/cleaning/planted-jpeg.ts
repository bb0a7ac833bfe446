export function segment(marker: number, body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(typeof body === 'string' ? Buffer.from(body, 'latin1') : body)
  return Buffer.concat([
    Buffer.from([0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 255]),
    bytes,
  ])
}

export const soi = Buffer.from('ffd8', 'hex')
export const eoi = Buffer.from('ffd9', 'hex')
export const jfif = segment(0xe0, 'JFIF\0\x01\x02\x01\0\x48\0\x48\0\0')

const quantisation = segment(0xdb, Buffer.alloc(65, 1).fill(0, 0, 1))
/** Two codes for differences, one for the end of a block. */
const huffman = segment(
  0xc4,
  Buffer.from(
    `00${'01010000000000000000000000000000'}0004${'10'}${'01000000000000000000000000000000'}00`,
    'hex',
  ),
)
/** A frame header: 72 by 8 pixels, grey. */
const frame = segment(0xc0, Buffer.from('08 0008 0048 01 011100'.replaceAll(' ', ''), 'hex'))
const restartEach = segment(0xdd, Buffer.from('0001', 'hex'))
export const scanHeader = segment(0xda, Buffer.from('01 0100 003f00'.replaceAll(' ', ''), 'hex'))
/** Nine blocks of one byte each, with a restart marker after each (T.81 §F.1.2.1): 10 vvvv 0 1. */
const blocks = Buffer.concat(
  [...Array(9).keys()].flatMap((i) => [
    Buffer.from([0b10000001 | ((15 - (i % 8)) << 2)]),
    ...(i < 8 ? [Buffer.from([0xff, 0xd0 + i])] : []),
  ]),
)

export const tables = Buffer.concat([quantisation, frame, huffman, restartEach])
export const scan = Buffer.concat([scanHeader, blocks])

/** A valid picture with `planted` after the segment that cameras start with. */
export function jpegWith(...planted: readonly Uint8Array[]): Buffer {
  return Buffer.concat([soi, jfif, ...planted, tables, scan, eoi])
}
