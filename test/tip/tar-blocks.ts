import { concat, utf8 } from './streams.ts'

/** Archives built by hand, so that each can have exactly one defect. */

export interface RawEntry {
  path?: string | Uint8Array
  /** The size field of the header, if it is not simply the content's length. */
  sizeField?: string | Uint8Array
  type?: string
  content?: Uint8Array
  prefix?: string
  /** `ustar\0` + `00` (POSIX), `ustar  \0` (GNU), or nothing (v7). */
  magic?: string
  checksumField?: string
  slack?: number
}

const toBytes = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? utf8(text) : text

export const zeroBlocks = (count: number): Uint8Array => new Uint8Array(512 * count)

export const entry = ({
  path = 'tip.json',
  content = new Uint8Array(0),
  sizeField,
  type = '0',
  prefix = '',
  magic = 'ustar\x0000',
  checksumField,
  slack = 0,
}: RawEntry): Uint8Array => {
  const header = new Uint8Array(512)
  header.set(toBytes(path).subarray(0, 100), 0)
  header.set(utf8('0000644\x000000000\x000000000\x00'), 100)
  header.set(toBytes(sizeField ?? `${content.length.toString(8).padStart(11, '0')}\x00`), 124)
  header.set(utf8('00000000000\x00'), 136)
  header.set(utf8(type), 156)
  header.set(utf8(magic), 257)
  header.set(utf8(prefix), 345)
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.set(utf8(checksumField ?? `${sum.toString(8).padStart(6, '0')}\x00 `), 148)
  const padding = new Uint8Array((512 - (content.length % 512)) % 512).fill(slack)
  return concat([header, content, padding])
}

export const paxRecord = (key: string, value: string): string => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  const length = [1, 2, 3, 4, 5, 6]
    .map((digits) => rest + digits)
    .find((total) => String(total).length === total - rest)
  return `${length} ${key}=${value}\n`
}

export const pax = (records: string, type: 'x' | 'g' = 'x'): Uint8Array =>
  entry({ path: 'PaxHeaders/0', type, content: utf8(records) })

export const gnuLongName = (path: string): Uint8Array =>
  entry({ path: '././@LongLink', type: 'L', content: utf8(`${path}\0`), magic: 'ustar  \0' })

export const archive = (...parts: Uint8Array[]): Uint8Array => concat([...parts, zeroBlocks(2)])
