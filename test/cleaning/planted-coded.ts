import { readPicture } from './pictures.ts'
import { latin1, uint } from './planted-heif.ts'

/** What x265 writes into its pictures: a UUID, its name and every setting. */
const remark = 'TUMEN-SECRET x265 (build 199) - 3.5 - options: cpuid=1 threads=4 '.repeat(8)

/** Supplemental enhancement information of the type "user data unregistered". */
export function seiOf(header: string, text = remark): Buffer {
  const payload = latin1(`0123456789abcdef${text}`)
  const size = Buffer.alloc(Math.floor(payload.length / 255) + 1, 0xff)
  size[size.length - 1] = payload.length % 255
  return Buffer.concat([
    Buffer.from(header, 'hex'),
    Buffer.from([5]),
    size,
    payload,
    Buffer.from([0x80]),
  ])
}
export const hevcSei = '4e01'

export function obu(type: number, content: Uint8Array | string): Buffer {
  const body = typeof content === 'string' ? latin1(content) : Buffer.from(content)
  const size = [(body.length & 0x7f) | 0x80, body.length >> 7]
  return Buffer.concat([Buffer.from([(type << 3) | 2, ...size]), body])
}
export const metadataObu = 5

const grow = (whole: Buffer, type: string, bytes: number): void => {
  const at = whole.indexOf(type) - 4
  whole.writeUInt32BE(whole.readUInt32BE(at) + bytes, at)
}

/**
 * Where heif-enc writes the position of the only coded item, from the name of `iloc`, and how many
 * bytes of the item stand before the first place for further units.
 */
const layouts = {
  'plain.heic': { settings: 'hvcC', base: 18, length: 28, unitsAt: 0 },
  'plain.avif': { settings: 'av1C', base: 16, length: 26, unitsAt: 13 },
} as const

/** A real picture of heif-enc with units planted in its decoder settings and among its pixels. */
export function plantUnits(
  name: keyof typeof layouts,
  inSettings: Uint8Array,
  inPixels: Uint8Array,
): Buffer {
  const whole = readPicture(name)
  const { settings, base, length, unitsAt } = layouts[name]
  const start = whole.indexOf(settings) - 4
  const end = start + whole.readUInt32BE(start)
  const pixels = whole.indexOf('mdat') + 4 + unitsAt
  const planted = Buffer.concat([
    whole.subarray(0, end),
    inSettings,
    whole.subarray(end, pixels),
    inPixels,
    whole.subarray(pixels),
  ])
  for (const type of [settings, 'ipco', 'iprp', 'meta']) grow(planted, type, inSettings.length)
  grow(planted, 'mdat', inPixels.length)
  const iloc = planted.indexOf('iloc')
  planted.writeUInt32BE(planted.readUInt32BE(iloc + base) + inSettings.length, iloc + base)
  planted.writeUInt32BE(planted.readUInt32BE(iloc + length) + inPixels.length, iloc + length)
  // The number of arrays of units in `hvcC`.
  if (settings === 'hvcC' && inSettings.length > 0) planted[start + 8 + 22] = 4
  return planted
}

/** An array of one unit, as `hvcC` has it. */
export const unitArray = (unit: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([0x80 | ((unit[0] ?? 0) >> 1)]),
    uint(2, 1),
    uint(2, unit.length),
    unit,
  ])

export const withLength = (unit: Buffer): Buffer => Buffer.concat([uint(4, unit.length), unit])
