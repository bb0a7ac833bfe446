import { concat } from '../age/bytes.ts'
import { Assembly } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { areEqual, toBytes, toUint32 } from './bytes.ts'
import { crc32 } from './crc32.ts'
import { malformed, unsupported } from './errors.ts'
import { cleanIccProfile } from './icc-profile.ts'
import { maxExifBytes, readOrientation, upright, writeOrientation } from './orientation.ts'
import { deflate, inflate } from './zlib-stream.ts'

/**
 * PNG, third edition, §11: the chunks needed to show the picture, with the maximum size of each.
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
  mDCV: 24,
  cLLI: 8,
  mDCv: 24,
  cLLi: 8,
  acTL: 8,
  fcTL: 26,
  fdAT: 0x7fffffff,
}

interface Chunk {
  type: string
  start: number
  body: number
  bodyBytes: number
  end: number
}

export async function cleanPng(reader: BlobReader): Promise<Assembly> {
  const assembly = new Assembly()
  assembly.keep(0, 8)
  let hasPixels = false
  for (let at = 8; ; ) {
    const chunk = await readChunk(reader, at)
    if ((at === 8) !== (chunk.type === 'IHDR')) throw malformed('the order of chunks')
    await takeChunk(reader, chunk, assembly)
    hasPixels ||= chunk.type === 'IDAT'
    at = chunk.end
    if (chunk.type === 'IEND') break
  }
  if (!hasPixels) throw malformed('the picture')
  return assembly
}

async function readChunk(reader: BlobReader, start: number): Promise<Chunk> {
  const header = await reader.cursor(start, 8)
  const bodyBytes = header.uint(4)
  const type = header.text(4)
  const end = start + 12 + bodyBytes
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
  if (Object.hasOwn(maxBytesOf, type)) return assembly.keep(start, end)
  // §5.4: a picture cannot be shown without its critical chunks, and the content of an unknown one
  // cannot be judged.
  if (/^[A-Z]/.test(type)) throw unsupported('a critical chunk')
  const body =
    type === 'eXIf'
      ? await turn(reader, chunk)
      : type === 'iCCP'
        ? await cleanProfile(reader, chunk)
        : null
  if (body !== null) await assembly.replace(reader, start, end, toChunk(type, body))
}

/** The body of an `eXIf` chunk that has only the orientation; null if the picture is upright. */
async function turn(reader: BlobReader, { body, bodyBytes }: Chunk): Promise<Uint8Array | null> {
  const orientation = readOrientation(await reader.read(body, Math.min(bodyBytes, maxExifBytes)))
  return orientation === upright ? null : writeOrientation(orientation, { hasPrefix: false })
}

/** The same name for every profile, because the original name may identify a person's screen. */
const profileName = toBytes('icc\0\0')

/** §11.3.2.3: a name, a zero byte, the method (0) and the deflated profile. */
async function cleanProfile(reader: BlobReader, chunk: Chunk): Promise<Uint8Array> {
  const whole = await reader.read(chunk.start, chunk.end - chunk.start)
  const body = whole.subarray(8, -4)
  if (!areEqual(whole, toChunk(chunk.type, body))) throw malformed('the checksum of a chunk')
  const nameBytes = body.indexOf(0)
  if (nameBytes < 1 || nameBytes > 79 || body[nameBytes + 1] !== 0)
    throw malformed('a colour profile')
  const profile = await inflate(body.subarray(nameBytes + 2))
  const cleaned = cleanIccProfile(profile)
  const isClean =
    areEqual(profile, cleaned) && areEqual(body.subarray(0, profileName.length), profileName)
  return isClean ? body : concat(profileName, await deflate(cleaned))
}

function toChunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const checked = concat(toBytes(type), body)
  return concat(toUint32(body.length), checked, toUint32(crc32(checked)))
}
