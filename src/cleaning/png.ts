import { concat } from '../age/bytes.ts'
import { Assembly } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { areEqual, toBytes, toUint32 } from './bytes.ts'
import { crc32 } from './crc32.ts'
import { ifUnusable, malformed, unsupported } from './errors.ts'
import { standardFor } from './icc-profile.ts'
import { maxExifBytes, readOrientation, upright, writeOrientation } from './orientation.ts'
import { standardGamma, standardPrimaries } from './png-colours.ts'
import { PngFrames } from './png-frames.ts'
import { deflate, inflate } from './zlib-stream.ts'

/**
 * PNG, third edition, §11: the chunks needed to show the picture, with the maximum size of each.
 * `mDCV`, which describes the screen that a picture was edited on, is not among them.
 */
const maxBytesOf: Readonly<Record<string, number>> = {
  IHDR: 13,
  PLTE: 768,
  IDAT: 0x7fffffff,
  IEND: 0,
  tRNS: 256,
  gAMA: 4,
  cHRM: 32,
  sRGB: 1,
  sBIT: 4,
  bKGD: 6,
  pHYs: 9,
  cICP: 4,
  cLLI: 8,
  cLLi: 8,
  acTL: 8,
  fcTL: 26,
  fdAT: 0x7fffffff,
}

/** Length, type and checksum. */
const emptyChunkBytes = 12

interface Chunk {
  type: string
  start: number
  body: number
  bodyBytes: number
  end: number
}

/** Cleans PNG. Also removes frames that no viewer shows, and everything after the end. */
export async function cleanPng(reader: BlobReader): Promise<Assembly> {
  const assembly = new Assembly()
  assembly.keep(0, 8)
  const frames = new PngFrames()
  for (let at = 8; ; ) {
    if (frames.hasPixels && at + emptyChunkBytes > reader.bytes) {
      // Viewers also show a picture whose end is missing.
      assembly.put(toChunk('IEND', new Uint8Array()))
      break
    }
    const chunk = await readChunk(reader, at)
    if ((at === 8) !== (chunk.type === 'IHDR')) throw malformed('the order of chunks')
    const isShown = frames.shows(chunk.type, await reader.read(chunk.body, headBytes(chunk)))
    if (isShown) await takeChunk(reader, chunk, assembly)
    at = chunk.end
    if (chunk.type === 'IEND') break
  }
  if (!frames.hasPixels) throw malformed('the picture')
  return assembly
}

/** Only the number of frames has to be read, from the start of `acTL`. */
function headBytes({ type, bodyBytes }: Chunk): number {
  return type === 'acTL' ? bodyBytes : 0
}

async function readChunk(reader: BlobReader, start: number): Promise<Chunk> {
  const header = await reader.cursor(start, 8)
  const bodyBytes = header.uint(4)
  const type = header.text(4)
  const end = start + emptyChunkBytes + bodyBytes
  if (
    !/^[A-Za-z]{4}$/.test(type) ||
    end > reader.bytes ||
    bodyBytes > (maxBytesOf[type] ?? 0x7fffffff)
  )
    throw malformed('a chunk')
  return { type, start, body: start + 8, bodyBytes, end }
}

async function takeChunk(reader: BlobReader, chunk: Chunk, assembly: Assembly): Promise<void> {
  const { type, start, end } = chunk
  const rewrite = rewrites[type]
  if (rewrite !== undefined) {
    const body = await rewrite(reader, chunk)
    if (body !== null) await assembly.replace(reader, start, end, toChunk(type, body))
    return
  }
  if (Object.hasOwn(maxBytesOf, type)) return assembly.keep(start, end)
  // §5.4: a picture cannot be shown without its critical chunks, and the content of an unknown one
  // cannot be judged.
  if (/^[A-Z]/.test(type)) throw unsupported('a critical chunk')
}

/**
 * Chunks of which only a part may stay: functions that give the new body, or null to drop the
 * chunk.
 */
const rewrites: Readonly<
  Record<string, (reader: BlobReader, chunk: Chunk) => Promise<Uint8Array | null>>
> = {
  eXIf: turn,
  iCCP: async (reader, chunk) =>
    await replaceProfile(reader, chunk).catch((error: unknown) => ifUnusable(error, null)),
  gAMA: async (reader, { body, bodyBytes }) => standardGamma(await reader.read(body, bodyBytes)),
  cHRM: async (reader, { body, bodyBytes }) =>
    standardPrimaries(await reader.read(body, bodyBytes)),
}

/** The body of an `eXIf` chunk that has only the orientation; null if the picture is upright. */
async function turn(reader: BlobReader, { body, bodyBytes }: Chunk): Promise<Uint8Array | null> {
  const orientation = readOrientation(await reader.read(body, Math.min(bodyBytes, maxExifBytes)))
  return orientation === upright ? null : writeOrientation(orientation, { hasPrefix: false })
}

/** The same name for every profile, because the original name may identify a person's screen. */
const profileName = toBytes('icc\0\0')

/**
 * §11.3.2.3: a name, a zero byte, the method (0) and the deflated profile.
 *
 * @returns null if the profile is damaged, so that no viewer uses it, or is not a standard one.
 */
async function replaceProfile(reader: BlobReader, chunk: Chunk): Promise<Uint8Array | null> {
  const whole = await reader.read(chunk.start, chunk.end - chunk.start)
  const body = whole.subarray(8, -4)
  const nameBytes = body.indexOf(0)
  if (!areEqual(whole, toChunk(chunk.type, body))) return null
  if (nameBytes < 1 || nameBytes > 79 || body[nameBytes + 1] !== 0) return null
  const profile = await inflate(body.subarray(nameBytes + 2))
  const standard = standardFor(profile)
  if (standard === null) return null
  const isClean =
    areEqual(profile, standard) && areEqual(body.subarray(0, profileName.length), profileName)
  return isClean ? body : concat(profileName, await deflate(standard))
}

function toChunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const checked = concat(toBytes(type), body)
  return concat(toUint32(body.length), checked, toUint32(crc32(checked)))
}
