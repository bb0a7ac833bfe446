import { sealedFileBytes, sealHeader } from '../age/file.ts'
import type { Recipient } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import type { ChunkEngine, Piece } from '../age/stream.ts'
import { sealPayload } from '../age/stream.ts'
import type { Attachment } from '../tip/attachment.ts'
import { uniqueNames } from '../tip/names.ts'
import type { DetentionTip } from '../tip/schema.ts'
import { packedBytes, packTip } from '../tip/tar-writer.ts'

/** A file that is attached to a tip. */
export interface FileToAttach {
  /** The name that the source gave it. `sealTip` makes it safe and unique. */
  name: string
  bytes: number
  mediaType: string | null
  /** What happened to the hidden place and time in the file; absent if it was not examined. */
  metadata?: Attachment['metadata']
  /** SHA-256 as 64 lower-case hex digits. It is needed before the content, for `tip.json`. */
  sha256(): Promise<string> | string
  /** Must yield exactly `bytes` bytes. */
  content: () => AsyncIterable<Piece>
}

export interface Envelope {
  /** Length of the whole envelope, known before the first byte is sealed. */
  bytes: number
  /** Can be read once. A yielded piece is valid until the next one is requested. */
  content: AsyncIterable<Uint8Array>
}

/**
 * Seals a tip and its files to the recipients: tar, Padmé padding, age.
 * @param options.serialize `serializeTip`, or `writeTip` where the schema is too heavy to carry.
 * @throws TipError if the tip is not valid, AgeError as `sealHeader`; while the content is read,
 *   TipError `CONTENT_LENGTH` if a file changes meanwhile.
 */
export async function sealTip(options: {
  primitives: Primitives
  engine: ChunkEngine
  recipients: readonly Recipient[]
  tip: DetentionTip
  files: readonly FileToAttach[]
  serialize: (tip: DetentionTip) => Uint8Array
}): Promise<Envelope> {
  const { primitives, engine, recipients, tip, files, serialize } = options
  const named = nameFiles(files)
  // The tip is checked before gigabytes are read for their digests.
  serialize(tip)
  const header = sealHeader(primitives, recipients)
  const attachments: Attachment[] = []
  for (const file of named) attachments.push(describeFile(file, await file.sha256()))
  const tipJson = serialize(attachments.length > 0 ? { ...tip, attachments } : tip)
  async function* content() {
    try {
      yield header.bytes
      yield* sealPayload(header.payloadKey, packTip<Piece>({ tipJson, attachments: named }), engine)
    } finally {
      header.payloadKey.fill(0)
    }
  }
  return { bytes: sealedFileBytes(header, packedBytes(tipJson.length, named)), content: content() }
}

type Named<File> = File & { originalName: string }

/** Gives each file a safe and unique name, and keeps the one it had. */
export function nameFiles<File extends { name: string }>(files: readonly File[]): Named<File>[] {
  const names = uniqueNames(files.map(({ name }) => name))
  return files.map((file, index) => ({
    ...file,
    name: names[index] ?? '',
    originalName: file.name,
  }))
}

export function describeFile(
  file: Named<Pick<FileToAttach, 'name' | 'bytes' | 'mediaType' | 'metadata'>>,
  sha256: string,
): Attachment {
  const { name, originalName, bytes, mediaType, metadata } = file
  return {
    name,
    media_type: mediaType,
    bytes,
    sha256,
    ...(originalName === name ? {} : { original_name: originalName }),
    ...(metadata === undefined ? {} : { metadata }),
  }
}
