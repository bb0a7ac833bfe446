import { sealedFileBytes, sealHeader } from '../age/file.ts'
import type { Recipient } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import type { ChunkEngine, Piece } from '../age/stream.ts'
import { sealPayload } from '../age/stream.ts'
import type { Attachment } from '../tip/attachment.ts'
import { uniqueNames } from '../tip/names.ts'
import type { DetentionTip } from '../tip/schema.ts'
import type { AttachmentContent } from '../tip/tar-writer.ts'
import { packedBytes, packTip } from '../tip/tar-writer.ts'
import { serializeTip } from '../tip/tip-json.ts'

/** A file to go with a tip. It is read twice: its digest stands in `tip.json`, before it. */
export interface FileToAttach {
  /** As its owner calls it; made safe and unique here. */
  name: string
  bytes: number
  mediaType: string | null
  /** For its digest; must give `bytes` bytes. */
  content(): AsyncIterable<Uint8Array>
  /** For sealing, if the engine can read it better by itself; the same bytes. */
  pieces?(): AsyncIterable<Piece>
}

/** SHA-256 of a stream, 64 lower-case hex digits. */
export type Digest = (content: AsyncIterable<Uint8Array>) => Promise<string>

export interface Envelope {
  /** Length of the whole, known before the first byte is sealed. */
  bytes: number
  /** Read it once. What it yields is valid until the next piece is asked for. */
  content: AsyncIterable<Uint8Array>
}

/**
 * Seals a tip and its files to the recipients: tar, Padmé padding, age.
 * @throws TipError when the tip is not one, AgeError as `sealHeader`; while the
 *   content is read, TipError `CONTENT_LENGTH` when a file changes under our hands.
 */
export async function sealTip(options: {
  primitives: Primitives
  engine: ChunkEngine
  digest: Digest
  recipients: readonly Recipient[]
  tip: DetentionTip
  files: readonly FileToAttach[]
}): Promise<Envelope> {
  const { primitives, engine, digest, recipients, tip, files } = options
  const names = uniqueNames(files.map(({ name }) => name))
  const named = files.map((file, index) => ({ ...file, name: names[index] ?? '', originalName: file.name }))
  // The tip is checked before gigabytes are read for their digests.
  serializeTip(tip)
  const header = sealHeader(primitives, recipients)
  const attachments: Attachment[] = []
  for (const file of named) attachments.push(describeFile(file, await digest(file.content())))
  const tipJson = serializeTip(attachments.length > 0 ? { ...tip, attachments } : tip)
  async function* content() {
    try {
      yield header.bytes
      yield* sealPayload(header.payloadKey, packTip<Piece>({ tipJson, attachments: named.map(forPacking) }), engine)
    } finally {
      header.payloadKey.fill(0)
    }
  }
  return { bytes: sealedFileBytes(header, packedBytes(tipJson.length, named)), content: content() }
}

function forPacking(file: FileToAttach): AttachmentContent<Piece> {
  return { name: file.name, bytes: file.bytes, content: () => file.pieces?.() ?? file.content() }
}

function describeFile(file: FileToAttach & { originalName: string }, sha256: string): Attachment {
  const { name, originalName, bytes, mediaType } = file
  return { name, media_type: mediaType, bytes, sha256, ...(originalName === name ? {} : { original_name: originalName }) }
}
