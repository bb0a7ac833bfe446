import { blockBytes, blockPadding, decodeHeader } from '../tip/tar-header.ts'
import { dropBytes, maxIndexBytes } from './bounds.ts'
import { ReplyError } from './errors.ts'

/** Drops in `newest.tar` and in each `older-<n>.tar`. */
export const dropsPerBundle = 14
/** Room for the drops of a bundle, and for the indexes and signatures of many desks. */
export const maxBundleBytes = dropsPerBundle * (blockBytes + dropBytes) + 16 * maxIndexBytes
const maxEntryBytes = Math.max(dropBytes, maxIndexBytes)

/**
 * The files of `newest.tar` or `older-<n>.tar` by their names. Nothing in it is believed: an index
 * counts by its signature, a drop by its SHA-256 in an index. A bundle that ends too early gives
 * the files that are whole.
 * @throws ReplyError `DROP_INVALID` for what is not such an archive; never any other error.
 */
export function readBundle(bytes: Uint8Array): Map<string, Uint8Array> {
  if (bytes.length > maxBundleBytes) throw invalid()
  const files = new Map<string, Uint8Array>()
  for (let at = 0; at + blockBytes <= bytes.length; ) {
    const block = bytes.subarray(at, at + blockBytes)
    if (block.every((byte) => byte === 0)) return files
    const { path, bytes: size, type } = headerOf(block)
    if (size > maxEntryBytes) throw invalid()
    const content = bytes.subarray(at + blockBytes, at + blockBytes + size)
    if (type === '0' && content.length === size) files.set(new TextDecoder().decode(path), content)
    at += blockBytes + size + blockPadding(size)
  }
  return files
}

function headerOf(block: Uint8Array): ReturnType<typeof decodeHeader> {
  try {
    return decodeHeader(block)
  } catch (cause) {
    throw invalid(cause)
  }
}

function invalid(cause?: unknown): ReplyError {
  return new ReplyError('DROP_INVALID', 'this is not an archive of answers', cause)
}
