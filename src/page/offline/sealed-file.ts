import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@scure/base'
import type { Envelope } from '../../seal/seal-tip.ts'

/**
 * The envelope lies in the browser's memory until it is saved: two to three times as much is taken
 * meanwhile.
 */
export const maxOfflineBytes = 512 * 1024 * 1024

/** Small enough that a slow browser answers between two of them. */
const partBytes = 4 * 1024 * 1024

export interface SealedFile {
  /** SHA-256, 64 hex digits: what the receipt will be. */
  receipt: string
  content: Blob
}

/**
 * Seals into memory, giving the page a turn after each piece.
 * @param onBytes how many bytes are sealed
 * @param signal ends it with its reason
 */
export async function collectEnvelope(
  envelope: Envelope,
  options: {
    onBytes: (doneBytes: number) => void
    signal: AbortSignal
    giveTurn: () => Promise<void>
  },
): Promise<SealedFile> {
  const digest = sha256.create()
  const parts: Blob[] = []
  let waiting: Uint8Array<ArrayBuffer>[] = []
  let [doneBytes, waitingBytes] = [0, 0]
  const flush = (): void => {
    // a part of its own: browsers keep finished blobs where they have room
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
    await options.giveTurn()
  }
  flush()
  return {
    receipt: hex.encode(digest.digest()),
    content: new Blob(parts, { type: 'application/octet-stream' }),
  }
}
