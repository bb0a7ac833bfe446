import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@scure/base'
import { maxLineChars } from '../../tip/bounds.ts'
import { QuickSum } from './quick-sum.ts'
import { fileUnreadable, readBlob } from './read-blob.ts'
import type { MetadataOutcome } from './sealer.ts'
import { SealingError } from './sealer.ts'

/** `cleanFile` of `src/page/cleaning`. */
export type CleanFile = (
  file: Blob,
  name: string,
) => Promise<{ outcome: Exclude<MetadataOutcome, 'kept'>; content: Blob }>

/** A file as it will be sealed. */
export interface PreparedContent {
  id: number
  name: string
  mediaType: string | null
  metadata: MetadataOutcome
  content: Blob
  /** 64 hex digits. */
  sha256: string
  /** `QuickSum` of the content. */
  sum: string
}

/**
 * Cleans a file and takes its digest, in constant memory.
 * @param options.onBytes how many bytes of the digest are done.
 * @throws SealingError `FILE_UNREADABLE`, `CANCELLED` when `signal` says so.
 */
export async function prepareFile(options: {
  id: number
  file: File
  metadata: 'remove' | 'keep'
  clean: CleanFile
  signal: AbortSignal
  onBytes: (doneBytes: number) => void
}): Promise<PreparedContent> {
  const { id, file, signal } = options
  const { outcome, content } = await cleaned(options)
  const digest = sha256.create()
  const sum = new QuickSum()
  let doneBytes = 0
  for await (const piece of unlessCancelled(readBlob(content, id, signal))) {
    digest.update(piece)
    sum.update(piece)
    options.onBytes((doneBytes += piece.length))
  }
  const { name, type } = file
  return {
    id,
    name: cut(name) || 'file',
    mediaType: type === '' ? null : cut(type),
    metadata: outcome,
    content,
    sha256: hex.encode(digest.digest()),
    sum: sum.result(),
  }
}

/** `tip.json` also tells the original name, in a field of this length. */
function cut(text: string): string {
  return Array.from(text).slice(0, maxLineChars).join('')
}

/**
 * What is sealed: the same bytes again. @throws SealingError `FILE_UNREADABLE` when they are not.
 */
export async function* readPrepared({
  id,
  content,
  sum,
}: PreparedContent): AsyncGenerator<Uint8Array> {
  const again = new QuickSum()
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
}: Parameters<typeof prepareFile>[0]): Promise<{ outcome: MetadataOutcome; content: Blob }> {
  if (metadata === 'keep') return { outcome: 'kept', content: file }
  try {
    return await clean(file, file.name)
  } catch {
    throw fileUnreadable(id)
  }
}

async function* unlessCancelled<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items
  } catch (error) {
    if (error instanceof SealingError) throw error
    throw new SealingError('CANCELLED', 'the file was taken out')
  }
}
