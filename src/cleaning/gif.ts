import { Assembly } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { malformed, unsupported } from './errors.ts'

/** GIF89a §20 to §27: the first byte of a block. */
const image = 0x2c
const extension = 0x21
const trailer = 0x3b
const graphicControl = 0xf9
const comment = 0xfe
const application = 0xff

/**
 * How often the animation repeats, in three bytes: the only application extension that affects what
 * is shown.
 */
const loop = /^\x0b(?:NETSCAPE2\.0|ANIMEXTS1\.0)\x03\x01/

export async function cleanGif(reader: BlobReader): Promise<Assembly> {
  const assembly = new Assembly()
  let at = 13 + (await colourTableBytes(reader, 10))
  assembly.keep(0, at)
  let hasImage = false
  // Viewers also show a picture whose trailer is missing.
  while (!(hasImage && at === reader.bytes)) {
    const block = await readByte(reader, at)
    if (block === trailer) break
    hasImage ||= block === image
    const end = await skipBlock(reader, block, at)
    if (block === image || (await isShown(reader, at, end))) assembly.keep(at, end)
    at = end
  }
  if (at < reader.bytes) assembly.keep(at, at + 1)
  else assembly.put(Uint8Array.of(trailer))
  return assembly
}

async function readByte(reader: BlobReader, at: number): Promise<number> {
  return (await reader.cursor(at, 1)).uint(1)
}

/** §19: the table has three bytes per colour and exists only if its flag is set. */
async function colourTableBytes(reader: BlobReader, flagsAt: number): Promise<number> {
  const flags = await readByte(reader, flagsAt)
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

async function skipBlock(reader: BlobReader, block: number, at: number): Promise<number> {
  if (block === extension) return await skipSubBlocks(reader, at + 2)
  if (block !== image) throw malformed('a block')
  return await skipSubBlocks(reader, at + 11 + (await colourTableBytes(reader, at + 9)))
}

/** §15: data in pieces of up to 255 bytes; an empty piece ends it. */
async function skipSubBlocks(reader: BlobReader, start: number): Promise<number> {
  let at = start
  for (let bytes = await readByte(reader, at); bytes > 0; bytes = await readByte(reader, at))
    at += 1 + bytes
  return at + 1
}

async function isShown(reader: BlobReader, at: number, end: number): Promise<boolean> {
  const label = await readByte(reader, at + 1)
  switch (label) {
    case graphicControl:
      if (end - at !== 8) throw malformed('a graphic control extension')
      return true
    case application:
      return end - at === 19 && loop.test((await reader.cursor(at + 2, 14)).text(14))
    case comment:
      return false
    // §25: plain text, which some viewers draw.
    default:
      throw unsupported('an extension')
  }
}
