import { concat } from '../age/bytes.ts'
import { maxAttachments, maxTipBytes } from './bounds.ts'
import { TipError } from './errors.ts'
import { nameKey, sanitizeName } from './names.ts'
import { paddedTarBytes } from './padme.ts'
import { encodePaxRecord } from './pax.ts'
import { blockBytes, blockPadding, encodeHeader, maxOctalSize } from './tar-header.ts'

export interface AttachmentSize {
  /** A result of `uniqueNames`. */
  name: string
  bytes: number
}

/** A piece of content: bytes, or a file range that represents that many bytes. */
interface Measured {
  readonly length: number
}

export interface AttachmentContent<Piece extends Measured = Uint8Array> extends AttachmentSize {
  /** Called once, after all earlier contents were read. Must yield exactly `bytes` bytes. */
  content: () => AsyncIterable<Piece>
}

export interface PackedTip<Piece extends Measured = Uint8Array> {
  /** A result of `serializeTip`. */
  tipJson: Uint8Array
  attachments: readonly AttachmentContent<Piece>[]
}

/** Zero padding is written in pieces of this size, so that it needs no more memory than content. */
const paddingSliceBytes = 1024 * 1024

const paxRecords = (path: string, bytes: number): Uint8Array =>
  concat(
    ...(/^[\x20-\x7e]{1,100}$/u.test(path) ? [] : [encodePaxRecord('path', path)]),
    ...(bytes > maxOctalSize ? [encodePaxRecord('size', String(bytes))] : []),
  )

/**
 * The headers of one file: first a pax header if a ustar header cannot hold the path or the size,
 * then the ustar header.
 */
const entryHeaders = (path: string, bytes: number, number: number): Uint8Array => {
  const records = paxRecords(path, bytes)
  const own = encodeHeader(
    path.replace(/[^\x20-\x7e]/gu, '_').slice(0, 100),
    bytes > maxOctalSize ? 0 : bytes,
    '0',
  )
  if (records.length === 0) return own
  const padding = new Uint8Array(blockPadding(records.length))
  return concat(encodeHeader(`PaxHeaders/${number}`, records.length, 'x'), records, padding, own)
}

const attachmentPath = (name: string): string => `attachments/${name}`

const checkAttachments = (attachments: readonly AttachmentSize[]): void => {
  if (attachments.length > maxAttachments) {
    throw new TipError(
      'TOO_MANY_ATTACHMENTS',
      `attachments must be at most ${maxAttachments}; send a second tip for the rest`,
    )
  }
  const seen = new Set<string>()
  for (const [index, { name, bytes }] of attachments.entries()) {
    if (name !== sanitizeName(name))
      throw new TipError(
        'NAME_INVALID',
        `attachments[${index}].name is not safe as a file name; pass it through sanitizeName`,
      )
    if (seen.has(nameKey(name)))
      throw new TipError(
        'NAME_DUPLICATE',
        `attachments[${index}].name is there already; pass the names through uniqueNames`,
      )
    if (!Number.isSafeInteger(bytes) || bytes < 0)
      throw new TipError(
        'SIZE_INVALID',
        `attachments[${index}].bytes must be a whole number of bytes`,
      )
    seen.add(nameKey(name))
  }
}

const checkTipBytes = (bytes: number): void => {
  if (!Number.isInteger(bytes) || bytes < 0 || bytes > maxTipBytes) {
    throw new TipError(
      'TIP_TOO_LARGE',
      `tip.json must be at most ${maxTipBytes} bytes; put long texts in an attachment`,
    )
  }
}

const unpaddedBytes = (tipJsonBytes: number, attachments: readonly AttachmentSize[]): number => {
  checkTipBytes(tipJsonBytes)
  checkAttachments(attachments)
  const tip = blockBytes + tipJsonBytes + blockPadding(tipJsonBytes)
  return attachments.reduce(
    (sum, { name, bytes }, index) =>
      sum +
      entryHeaders(attachmentPath(name), bytes, index + 1).length +
      bytes +
      blockPadding(bytes),
    tip + 2 * blockBytes,
  )
}

/**
 * Exact number of bytes that `packTip` will yield, padding included.
 *
 * @throws TipError if `packTip` would refuse the same names and sizes.
 */
export function packedBytes(tipJsonBytes: number, attachments: readonly AttachmentSize[]): number {
  return paddedTarBytes(unpaddedBytes(tipJsonBytes, attachments))
}

async function* exactly<Piece extends Measured>(
  { bytes, content }: AttachmentContent<Piece>,
  index: number,
): AsyncGenerator<Piece, void, undefined> {
  const refuse = (reason: string): never => {
    throw new TipError(
      'CONTENT_LENGTH',
      `attachments[${index}] has ${reason} bytes than the ${bytes} announced; it changed while it was read, add it again`,
    )
  }
  let left = bytes
  for await (const chunk of content()) {
    left -= chunk.length
    if (left < 0) refuse('more')
    if (chunk.length > 0) yield chunk
  }
  if (left > 0) refuse('fewer')
}

async function* zeros(bytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  // Each piece has its own memory, because the reader may transfer a chunk to a worker.
  for (let left = bytes; left > 0; left -= paddingSliceBytes)
    yield new Uint8Array(Math.min(left, paddingSliceBytes))
}

/**
 * The plaintext of an envelope: a pax tar of `tip.json` and `attachments/<name>`, two end blocks,
 * and zero blocks up to the Padmé length. Content is passed on without being copied.
 *
 * @throws TipError `NAME_INVALID`, `NAME_DUPLICATE`, `TOO_MANY_ATTACHMENTS`, `SIZE_INVALID`,
 *   `TIP_TOO_LARGE` before the first byte; `CONTENT_LENGTH` if a file's length is not `bytes`.
 */
export async function* packTip<Piece extends Measured = Uint8Array>({
  tipJson,
  attachments,
}: PackedTip<Piece>): AsyncGenerator<Uint8Array | Piece, void, undefined> {
  const unpadded = unpaddedBytes(tipJson.length, attachments)
  const total = paddedTarBytes(unpadded)
  // One chunk between two contents: the padding after the first, then the headers of the second.
  let between = concat(
    encodeHeader('tip.json', tipJson.length, '0'),
    tipJson,
    new Uint8Array(blockPadding(tipJson.length)),
  )
  for (const [index, attachment] of attachments.entries()) {
    yield concat(
      between,
      entryHeaders(attachmentPath(attachment.name), attachment.bytes, index + 1),
    )
    yield* exactly(attachment, index)
    between = new Uint8Array(blockPadding(attachment.bytes))
  }
  yield between
  yield* zeros(2 * blockBytes + total - unpadded)
}
