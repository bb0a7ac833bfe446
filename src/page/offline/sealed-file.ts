import { hex } from '@scure/base'
import type { Envelope } from '../../seal/seal-tip.ts'
import type { Sha256Stream } from '../sealing/bulk.ts'

/**
 * The envelope is kept in the browser's memory until it is saved, and needs two to three times its
 * size meanwhile.
 */
export const maxOfflineBytes = 512 * 1024 * 1024

/** Small enough that even a slow browser reacts to input between two parts. */
const partBytes = 4 * 1024 * 1024

export interface SealedFile {
  /** SHA-256 as 64 hex digits: the receipt that the server will give. */
  receipt: string
  content: Blob
}

/**
 * Seals into memory and lets the page react after each piece.
 * @param options.digest a SHA-256 that has read nothing yet
 * @param onBytes receives the number of bytes sealed so far
 * @param signal stops the sealing, which then throws the signal's reason
 */
export async function collectEnvelope(
  envelope: Envelope,
  options: {
    digest: Sha256Stream
    onBytes: (doneBytes: number) => void
    signal: AbortSignal
    yieldToPage: () => Promise<void>
  },
): Promise<SealedFile> {
  const { digest } = options
  const parts: Blob[] = []
  let waiting: Uint8Array<ArrayBuffer>[] = []
  let [doneBytes, waitingBytes] = [0, 0]
  const flush = (): void => {
    // Each part becomes a blob of its own, because browsers may move finished blobs to disk.
    parts.push(new Blob(waiting))
    waiting = []
    waitingBytes = 0
  }
  for await (const piece of envelope.content) {
    options.signal.throwIfAborted()
    digest.update(piece)
    waiting.push(piece.slice())
    waitingBytes += piece.length
    if (waitingBytes >= partBytes) flush()
    options.onBytes((doneBytes += piece.length))
    await options.yieldToPage()
  }
  flush()
  return {
    receipt: hex.encode(digest.digest()),
    content: new Blob(parts, { type: 'application/octet-stream' }),
  }
}
