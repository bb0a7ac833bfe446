import { maxSignatureFileBytes } from '../keyring/bounds.ts'
import { dropBytes, maxIndexBytes } from '../replies/bounds.ts'
import { readBundle } from '../replies/bundle-reader.ts'
import { ReplyError } from '../replies/errors.ts'
import { blockBytes, blockPadding, encodeHeader } from '../tip/tar-header.ts'
import { signatureSuffix } from './layout.ts'

/** A file and its signature in one object, so that one request replaces both. */
export interface SignedPair {
  bytes: Uint8Array
  signature: Uint8Array
}

const archiveEnd = new Uint8Array(2 * blockBytes)

/** Two files with their headers and padding, and the end of the archive. */
export const maxPairBytes =
  Math.max(dropBytes, maxIndexBytes) + maxSignatureFileBytes + 4 * blockBytes + archiveEnd.length

/** A POSIX ustar archive of a file and its `.minisig`, which `tar -x` takes apart. */
export function packPair(name: string, { bytes, signature }: SignedPair): Uint8Array {
  const parts = [
    [name, bytes],
    [name + signatureSuffix, signature],
  ] as const
  return Buffer.concat([
    ...parts.flatMap(([path, content]) => [
      encodeHeader(path, content.length, '0'),
      content,
      new Uint8Array(blockPadding(content.length)),
    ]),
    archiveEnd,
  ])
}

/** Null if the archive is damaged or does not hold both files. */
export function unpackPair(name: string, archive: Uint8Array): SignedPair | null {
  try {
    const files = readBundle(archive)
    const [bytes, signature] = [files.get(name), files.get(name + signatureSuffix)]
    return bytes === undefined || signature === undefined ? null : { bytes, signature }
  } catch (error) {
    if (error instanceof ReplyError) return null
    throw error
  }
}
