import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { readPieces, wholeFile } from '../../age/read-file.ts'
import type { FileRange } from '../../age/stream.ts'
import type { Cleaned } from '../../cleaning/clean.ts'
import { cleanFile } from '../../cleaning/clean.ts'
import { describeKind, kindBytes } from '../../cleaning/describe-kind.ts'
import type { FileToAttach } from '../../seal/seal-tip.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure, unreadable, usageError } from '../frame/errors.ts'
import { mediaTypeOf } from './media-type.ts'

/** The choice that the page gives next to each picture. */
export const cleanOptions = {
  clean: {
    type: 'boolean',
    about: 'remove hidden place, time and device from pictures (this is the default)',
  },
  'no-clean': { type: 'boolean', about: 'attach pictures exactly as they are' },
} as const

export type OpenFile = FileToAttach & {
  handle: FileHandle
  /** Where the content is in the open file; null if a cleaned copy is attached in its place. */
  range: FileRange | null
  /** What became of hidden data, to be printed once the tip is sealed; null if there was none. */
  note: string | null
}

/** Opens a file that is to be attached, and cleans it if it is a picture. */
export async function openAttachment(
  context: CliContext,
  path: string,
  choice: { clean?: boolean | undefined; 'no-clean'?: boolean | undefined },
): Promise<OpenFile> {
  if (choice.clean === true && choice['no-clean'] === true)
    throw usageError('--clean and --no-clean do not go together')
  const place = resolvePath(context, path)
  // Checked before it is opened: opening a named pipe would wait for a writer.
  const stats = await stat(place).catch(unreadable(path))
  if (!stats.isFile()) throw failure(`${path} is not a plain file: attach files, not folders`)
  if (stats.size === 0)
    throw failure(
      `${path} is empty: if it is in a cloud, save it on this device first, or leave it out`,
    )
  const handle = await open(place, 'r').catch(unreadable(path))
  const name = basename(path)
  const file = { handle, name, mediaType: mediaTypeOf(name) }
  if (choice['no-clean'] === true)
    return { ...file, ...plainContent(handle, stats.size), metadata: 'kept', note: null }
  const blob = await openAsBlob(place)
  const { outcome, content } = await cleanFile(blob)
  const note = await noteOf(path, { blob, outcome })
  return outcome === 'removed'
    ? { ...file, ...blobContent(content), metadata: outcome, note }
    : { ...file, ...plainContent(handle, stats.size), metadata: outcome, note }
}

function plainContent(handle: FileHandle, bytes: number) {
  return {
    bytes,
    range: { fd: handle.fd, position: 0, length: bytes },
    sha256: () => digest(readPieces(handle)),
    content: () => wholeFile(handle, bytes),
  }
}

function blobContent(blob: Blob) {
  return {
    range: null,
    bytes: blob.size,
    sha256: () => digest(blob.stream()),
    content: () => blob.stream(),
  }
}

async function noteOf(
  path: string,
  { blob, outcome }: { blob: Blob; outcome: Cleaned['outcome'] },
): Promise<string | null> {
  if (outcome === 'none_found') return null
  if (outcome === 'removed') return `${path}: hidden place, time and device are removed`
  const start = new Uint8Array(await blob.slice(0, kindBytes).arrayBuffer())
  return describeKind(start) === 'other'
    ? `${path}: only pictures can be cleaned; it is attached as it is, with any place and time in it`
    : `${path}: hidden place and time could not be removed, because the picture is damaged or unusual; it is attached as it is`
}

async function digest(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of content) hash.update(bytes)
  return hash.digest('hex')
}
