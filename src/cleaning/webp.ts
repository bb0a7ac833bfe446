import { concat } from '../age/bytes.ts'
import { Assembly } from './assembly.ts'
import type { BlobReader } from './blob-reader.ts'
import { toBytes, toUint32 } from './bytes.ts'
import { malformed } from './errors.ts'
import { standardFor } from './icc-profile.ts'
import { maxExifBytes, readOrientation, upright, writeOrientation } from './orientation.ts'

/** RFC 9649 §2.7.1: flags in the first byte of VP8X. */
const profileFlag = 0x20
const exifFlag = 0x08
const xmpFlag = 0x04

const animationHeaderBytes = 16
const pictureChunks = /^(?:VP8 |VP8L|ALPH|ANIM)$/
const pixels = /^(?:VP8 |VP8L|ANMF)$/
const frameChunks = /^(?:VP8 |VP8L|ALPH)$/

interface Chunk {
  type: string
  start: number
  body: number
  bodyBytes: number
  /** The offset after the padding. */
  end: number
}

/** Cleans WebP (RFC 9649). Also removes everything after the RIFF container. */
export async function cleanWebp(reader: BlobReader): Promise<Assembly> {
  const end = 8 + (await reader.cursor(4, 4, { isLittleEndian: true })).uint(4)
  if (end > reader.bytes || end % 2 !== 0) throw malformed('the container')
  const chunks = await readChunks(reader, 12, end)
  const [first] = chunks
  if (
    first === undefined ||
    !/^VP8[ LX]$/.test(first.type) ||
    chunks.filter(({ type }) => type === 'VP8X').length > 1
  )
    throw malformed('the picture')
  if (!chunks.some(({ type }) => pixels.test(type))) throw malformed('the picture')
  const exif = first.type === 'VP8X' ? chunks.find(({ type }) => type === 'EXIF') : undefined
  const icc = first.type === 'VP8X' ? chunks.find(({ type }) => type === 'ICCP') : undefined
  const replaced = new Map([
    [exif, exif === undefined ? null : await turn(reader, exif)],
    [icc, icc === undefined ? null : standardFor(await reader.read(icc.body, icc.bodyBytes))],
  ])
  const flags = (replaced.get(exif) ? exifFlag : 0) | (replaced.get(icc) ? profileFlag : 0)
  const kept = new Assembly()
  for (const chunk of chunks) {
    const body = replaced.get(chunk)
    if (body === undefined) await takeChunk(reader, chunk, flags, kept)
    else if (body !== null)
      await kept.replace(reader, chunk.start, chunk.end, toChunk(chunk.type, body))
  }
  const assembly = new Assembly()
  await assembly.replace(
    reader,
    0,
    12,
    concat(toBytes('RIFF'), toSize(kept.bytes + 4), toBytes('WEBP')),
  )
  assembly.append(kept)
  return assembly
}

async function readChunks(reader: BlobReader, start: number, end: number): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for (let at = start; at < end; ) {
    const header = await reader.cursor(at, 8, { isLittleEndian: true })
    const type = header.text(4)
    const bodyBytes = header.uint(4)
    const chunk = {
      type,
      start: at,
      body: at + 8,
      bodyBytes,
      end: at + 8 + bodyBytes + (bodyBytes % 2),
    }
    if (chunk.end > end) throw malformed('a chunk')
    chunks.push(chunk)
    at = chunk.end
  }
  return chunks
}

async function takeChunk(
  reader: BlobReader,
  chunk: Chunk,
  flags: number,
  kept: Assembly,
): Promise<void> {
  const { type, start, body, bodyBytes, end } = chunk
  if (pictureChunks.test(type)) return kept.keep(start, end)
  if (type === 'ANMF') return await takeFrame(reader, chunk, kept)
  if (type !== 'VP8X') return
  const header = setFlags(await reader.read(body, bodyBytes), flags)
  await kept.replace(reader, start, end, toChunk(type, header))
}

/** Handles one frame of an animation, which may contain unknown chunks as well (§2.7.1.1). */
async function takeFrame(
  reader: BlobReader,
  { start, body, bodyBytes, end }: Chunk,
  kept: Assembly,
): Promise<void> {
  if (bodyBytes < animationHeaderBytes) throw malformed('a frame')
  const frame = new Assembly()
  for (const chunk of await readChunks(reader, body + animationHeaderBytes, end)) {
    if (frameChunks.test(chunk.type)) frame.keep(chunk.start, chunk.end)
  }
  await kept.replace(
    reader,
    start,
    body,
    concat(toBytes('ANMF'), toSize(animationHeaderBytes + frame.bytes)),
  )
  kept.keep(body, body + animationHeaderBytes)
  kept.append(frame)
}

/** The content of an `EXIF` chunk that has only the orientation; null if the picture is upright. */
async function turn(reader: BlobReader, { body, bodyBytes }: Chunk): Promise<Uint8Array | null> {
  const orientation = readOrientation(await reader.read(body, Math.min(bodyBytes, maxExifBytes)))
  return orientation === upright ? null : writeOrientation(orientation, { hasPrefix: false })
}

/** Sets exactly those of the optional chunks that the cleaned picture has. */
function setFlags(header: Uint8Array, flags: number): Uint8Array {
  if (header.length !== 10) throw malformed('the header')
  const changed = header.slice()
  changed[0] = ((header[0] ?? 0) & ~(exifFlag | xmpFlag | profileFlag)) | flags
  return changed
}

function toSize(bytes: number): Uint8Array<ArrayBuffer> {
  return toUint32(bytes, { isLittleEndian: true })
}

function toChunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(toBytes(type), toSize(body.length), body, new Uint8Array(body.length % 2))
}
