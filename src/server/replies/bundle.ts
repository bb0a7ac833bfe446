import { blockPadding, encodeHeader } from '../../tip/tar-header.ts'
import { type Pieces, piecesOf } from './pieces.ts'

export interface BundleFile {
  name: string
  bytes: Buffer
}

/** A POSIX ustar archive ends with two blocks of zeros. */
const archiveEnd = Buffer.alloc(1024)

/**
 * A ustar archive whose bytes depend on the names and the contents alone: its headers hold no time,
 * no owner and no host.
 */
export function bundleOf(files: readonly BundleFile[]): Pieces {
  const parts = files.flatMap(({ name, bytes }) => [
    Buffer.from(encodeHeader(name, bytes.length, '0')),
    bytes,
    Buffer.alloc(blockPadding(bytes.length)),
  ])
  return piecesOf([...parts.filter((part) => part.length > 0), archiveEnd])
}
