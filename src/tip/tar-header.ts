import { TipError } from './errors.ts'

/** POSIX ustar headers (IEEE 1003.1, pax, "ustar Interchange Format"), field by field. */

export const blockBytes = 512

/** Eleven octal digits: the largest size that a header can hold without pax. */
export const maxOctalSize = 8 ** 11 - 1

const encoder = new TextEncoder()

/** The number of zero bytes that fill the last block of `bytes` bytes. */
export const blockPadding = (bytes: number): number =>
  (blockBytes - (bytes % blockBytes)) % blockBytes

/** The sum of all bytes, with the eight bytes of the checksum itself counted as spaces. */
const checksumOf = (block: Uint8Array): number => {
  let sum = 8 * 0x20
  for (let i = 0; i < blockBytes; i += 1) if (i < 148 || i >= 156) sum += block[i] ?? 0
  return sum
}

export type EntryType = '0' | 'x'

/**
 * Every header has mode 0644, owner 0, time 0 and no names, so that none reveals anything about the
 * person or machine that packed it.
 */
export function encodeHeader(
  path: string,
  bytes: number,
  type: EntryType,
): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockBytes)
  const put = (offset: number, text: string): void => block.set(encoder.encode(text), offset)
  put(0, path)
  put(100, '0000644\0')
  put(108, '0000000\0')
  put(116, '0000000\0')
  put(124, `${bytes.toString(8).padStart(11, '0')}\0`)
  put(136, '00000000000\0')
  put(156, type)
  put(257, 'ustar\x0000')
  put(329, '0000000\0')
  put(337, '0000000\0')
  put(148, `${checksumOf(block).toString(8).padStart(6, '0')}\0 `)
  return block
}

/** Octal digits between optional leading spaces and trailing spaces or NULs, nothing else. */
const parseOctal = (field: Uint8Array): number | null => {
  let at = 0
  while (field[at] === 0x20) at += 1
  let value = 0
  const start = at
  for (; at < field.length; at += 1) {
    const digit = (field[at] ?? 0) - 0x30
    if (digit < 0 || digit > 7) break
    value = value * 8 + digit
  }
  if (at === start) return null
  for (; at < field.length; at += 1) if (field[at] !== 0 && field[at] !== 0x20) return null
  return value
}

/** GNU base-256: the first byte is 0x80, the rest a big-endian number. 0xff would be negative. */
const parseBase256 = (field: Uint8Array): number | null => {
  if (field[0] !== 0x80) return null
  const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0)
  return Number.isSafeInteger(value) ? value : null
}

export interface TarHeader {
  /** The name field, preceded by the prefix in a ustar header; not decoded. */
  path: Uint8Array
  bytes: number
  /** One character. NUL, the old type of a plain file, is returned as `0`. */
  type: string
}

const untilNul = (field: Uint8Array): Uint8Array => {
  const end = field.indexOf(0)
  return end < 0 ? field : field.subarray(0, end)
}

const isPosix = (block: Uint8Array): boolean =>
  block[257] === 0x75 &&
  block[258] === 0x73 &&
  block[259] === 0x74 &&
  block[260] === 0x61 &&
  block[261] === 0x72 &&
  block[262] === 0

const joinPath = (prefix: Uint8Array, name: Uint8Array): Uint8Array => {
  if (prefix.length === 0) return name.slice()
  const path = new Uint8Array(prefix.length + 1 + name.length)
  path.set(prefix)
  path[prefix.length] = 0x2f
  path.set(name, prefix.length + 1)
  return path
}

/** Old tar programs added up signed bytes, so every reader accepts both sums. */
const hasValidChecksum = (block: Uint8Array): boolean => {
  const stored = parseOctal(block.subarray(148, 156))
  if (stored === checksumOf(block)) return true
  return stored !== null && stored === signedChecksumOf(block)
}

const signedChecksumOf = (block: Uint8Array): number => {
  let sum = checksumOf(block)
  for (let i = 0; i < blockBytes; i += 1)
    if ((i < 148 || i >= 156) && (block[i] ?? 0) >= 0x80) sum -= 0x100
  return sum
}

/** @throws TipError `TAR_CHECKSUM`, `TAR_SIZE`. The result holds no view of `block`. */
export function decodeHeader(block: Uint8Array): TarHeader {
  if (!hasValidChecksum(block))
    throw new TipError('TAR_CHECKSUM', 'a tar header has a wrong checksum; the archive is damaged')
  const size = block.subarray(124, 136)
  const bytes = (size[0] ?? 0) >= 0x80 ? parseBase256(size) : parseOctal(size)
  if (bytes === null)
    throw new TipError('TAR_SIZE', 'a tar header has no readable size; pack the files again')
  const name = untilNul(block.subarray(0, 100))
  // GNU and v7 headers use the field of the POSIX prefix for other data.
  const prefix = isPosix(block) ? untilNul(block.subarray(345, 500)) : new Uint8Array(0)
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0)
  return { path: joinPath(prefix, name), bytes, type }
}

/** Whether the block has the magic of a POSIX or GNU tar header, even if it is damaged. */
export function hasTarMagic(block: Uint8Array): boolean {
  return block.length >= blockBytes && String.fromCharCode(...block.subarray(257, 262)) === 'ustar'
}

/** Whether a plaintext that starts with these bytes is a tar archive with at least one entry. */
export function isTar(firstBlock: Uint8Array): boolean {
  return firstBlock.length >= blockBytes && hasValidChecksum(firstBlock.subarray(0, blockBytes))
}
