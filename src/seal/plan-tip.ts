import type { FileRange } from '../age/stream.ts'
import type { PlaintextPart } from '../age/plaintext-parts.ts'
import type { Attachment } from '../tip/attachment.ts'
import type { DetentionTip } from '../tip/schema.ts'
import { packTip } from '../tip/tar-writer.ts'
import type { FileToAttach } from './seal-tip.ts'
import { describeFile, nameFiles } from './seal-tip.ts'

/** A file to attach, read from its place on the disk. */
export interface PlacedFile extends Omit<FileToAttach, 'sha256' | 'content'> {
  range: FileRange
}

/** The plaintext of an envelope before the digests of its files are known. */
export interface TipPlan {
  /** The first part contains `tip.json`, with zeros in place of each digest. */
  parts: readonly PlaintextPart[]
  /** The first part with the digests in their places: it has the same length. */
  begin: (digests: readonly string[]) => Promise<Uint8Array>
}

const placeholder = '0'.repeat(64)

/**
 * Lays a tip and its files out. A digest always has 64 digits, so every position is known before
 * the first file is read.
 * @throws TipError as `packTip`, and if the tip is not valid
 */
export async function planTip(options: {
  tip: DetentionTip
  files: readonly PlacedFile[]
  serialize: (tip: DetentionTip) => Uint8Array
}): Promise<TipPlan> {
  const { tip, files, serialize } = options
  const named = nameFiles(files)
  const tipJsonWith = (digests: readonly string[]): Uint8Array => {
    const attachments: Attachment[] = named.map((file, index) =>
      describeFile(file, digests[index] ?? placeholder),
    )
    return serialize(attachments.length > 0 ? { ...tip, attachments } : tip)
  }
  const partsWith = async (digests: readonly string[], limit: number) => {
    const attachments = named.map(({ name, bytes, range }) => ({
      name,
      bytes,
      content: async function* (): AsyncGenerator<FileRange> {
        if (bytes > 0) yield range
      },
    }))
    const parts: PlaintextPart[] = []
    for await (const part of packTip<FileRange>({ tipJson: tipJsonWith(digests), attachments })) {
      parts.push(part instanceof Uint8Array ? withoutZeros(part) : part)
      if (parts.length === limit) break
    }
    return parts
  }
  return {
    parts: await partsWith([], Number.POSITIVE_INFINITY),
    begin: async (digests) => (await partsWith(digests, 1))[0] as Uint8Array,
  }
}

/** Padding is up to a thirtieth of all, and needs no memory. */
function withoutZeros(bytes: Uint8Array): PlaintextPart {
  return Buffer.compare(bytes, Buffer.alloc(bytes.length)) === 0 ? { zeros: bytes.length } : bytes
}
