import { hex } from '@scure/base'
import type { CleaningRemark } from '../../cleaning/clean.ts'
import { maxLineChars } from '../../tip/bounds.ts'
import { Checksum } from './checksum.ts'
import { fastBulk as bulk } from './fast-bulk.ts'
import { startFileDigest } from './file-digest.ts'
import { fileUnreadable, readBlob, refuseGrown } from './read-blob.ts'
import type { MetadataOutcome, PreparedFile } from './sealer.ts'
import { SealingError } from './sealer.ts'

/** The type of `cleanFile` in `src/cleaning`. */
export type CleanFile = (
  file: Blob,
  name: string,
) => Promise<CleanedContent<Exclude<MetadataOutcome, 'kept'>>>

interface CleanedContent<Outcome extends MetadataOutcome> {
  outcome: Outcome
  content: Blob
  remark?: CleaningRemark
}

/** A file exactly as it will be sealed. */
export interface PreparedContent {
  id: number
  name: string
  mediaType: string | null
  metadata: MetadataOutcome
  remark?: CleaningRemark
  content: Blob
  /** The file that the content is part of. */
  file: Blob
  /** The digest as 64 hex digits. */
  sha256: string
  /** The `Checksum` of the content. */
  sum: string
}

/**
 * Cleans a file and computes its digest, in constant memory.
 * @param options.onBytes called with the number of bytes digested so far
 * @throws SealingError `FILE_UNREADABLE`, `FILE_EMPTY`; `CANCELLED` when `signal` fires
 */
export async function prepareFile(options: {
  id: number
  file: File
  metadata: 'remove' | 'keep'
  clean: CleanFile
  signal: AbortSignal
  onBytes: (doneBytes: number) => void
}): Promise<PreparedContent> {
  const { id } = options
  const file = await withBytes(options.file, id)
  const { outcome, content, remark } = await cleaned({ ...options, file })
  const { sha256, sum } = await digestOf(content, options)
  await refuseGrown(file, id)
  const { name, type } = file
  return {
    id,
    name: shorten(name) || 'file',
    mediaType: type === '' ? null : shorten(type),
    metadata: outcome,
    ...(remark === undefined ? {} : { remark }),
    content,
    file,
    sha256,
    sum,
  }
}

/** What the page needs to know about a prepared file. */
export function describePrepared({ metadata, content, remark }: PreparedContent): PreparedFile {
  return { metadata, bytes: content.size, ...(remark === undefined ? {} : { remark }) }
}

async function digestOf(
  content: Blob,
  { id, signal, onBytes }: Parameters<typeof prepareFile>[0],
): Promise<{ sha256: string; sum: string }> {
  const digest = startFileDigest(bulk, content.size)
  const sum = new Checksum()
  let doneBytes = 0
  for await (const piece of unlessCancelled(readBlob(content, id, signal))) {
    digest.update(piece)
    sum.update(piece)
    onBytes((doneBytes += piece.length))
  }
  return { sha256: hex.encode(await digest.digest()), sum: sum.result() }
}

/**
 * A phone may report a size of 0 for a file in cloud storage, so such a file is read to its end.
 * @throws SealingError `FILE_EMPTY`, `FILE_UNREADABLE`
 */
async function withBytes(file: File, id: number): Promise<File> {
  if (file.size > 0) return file
  const bytes = await file.arrayBuffer().catch(() => null)
  if (bytes === null) throw fileUnreadable(id)
  if (bytes.byteLength === 0)
    throw new SealingError('FILE_EMPTY', `file ${id} has no bytes`, undefined, id)
  return new File([bytes], file.name, { type: file.type })
}

/** Shortens a text to the longest line that a field of `tip.json` may have. */
function shorten(text: string): string {
  return Array.from(text).slice(0, maxLineChars).join('')
}

/**
 * Reads the prepared content again for sealing.
 * @throws SealingError `FILE_UNREADABLE` if the bytes differ from those prepared, or there are more
 */
export async function* readPrepared({
  id,
  content,
  file,
  sum,
}: PreparedContent): AsyncGenerator<Uint8Array> {
  await refuseGrown(file, id)
  const again = new Checksum()
  for await (const piece of readBlob(content, id)) {
    again.update(piece)
    yield piece
  }
  if (again.result() !== sum) throw fileUnreadable(id)
}

async function cleaned({
  id,
  file,
  metadata,
  clean,
}: Parameters<typeof prepareFile>[0]): Promise<CleanedContent<MetadataOutcome>> {
  if (metadata === 'keep') return { outcome: 'kept', content: file }
  try {
    return await clean(file, file.name)
  } catch (error) {
    if (error instanceof SealingError) throw error
    throw fileUnreadable(id)
  }
}

async function* unlessCancelled<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items
  } catch (error) {
    if (error instanceof SealingError) throw error
    throw new SealingError('CANCELLED', 'the file was removed')
  }
}
