import { concat, equalConstantTime } from '../age/bytes.ts'
import { AgeError } from '../age/errors.ts'
import { openFile } from '../age/file.ts'
import type { Primitives } from '../age/primitives.ts'
import { inlineEngine } from '../age/stream.ts'
import type { Unwrap } from '../age/file.ts'
import type { BlobStore, Prefix, Receipt } from '../store/blob-store.ts'
import { canaryPlaintext, maxCanaryBytes } from './canary-tip.ts'
import type { CanaryNotes } from './notes.ts'

/** Whether an envelope opens completely and contains exactly the canary with this token. */
export async function opensToCanary(
  primitives: Primitives,
  {
    unwrap,
    token,
    envelope,
  }: { unwrap: Unwrap; token: string; envelope: AsyncIterable<Uint8Array> },
): Promise<boolean> {
  // The whole envelope is read first: stopping early would leave the file open.
  const bytes = await gather(envelope)
  if (bytes === null) return false
  try {
    const opened = await gather(
      openFile({ primitives, engine: inlineEngine(primitives) }, unwrap, once(bytes)),
    )
    return opened !== null && equalConstantTime(opened, await canaryPlaintext(token))
  } catch (error) {
    if (error instanceof AgeError) return false
    throw error
  }
}

/** Null for an envelope that is longer than any canary. */
async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const gathered: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > maxCanaryBytes) return null
    gathered.push(piece.slice())
  }
  return concat(...gathered)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

export interface CanaryProof {
  /**
   * Whether this blob is a canary of ops. A note alone proves nothing: it must contain the key that
   * authenticates the envelope's header (age §2.2), and the plaintext must be the canary, byte for
   * byte. For a tip, only the person who sealed it has that key. Never rejects: in doubt the blob
   * counts as a tip.
   */
  isCanary(prefix: Prefix, receipt: Receipt): Promise<boolean>
  /**
   * The canaries among these blobs. One listing of the notes serves all of them, so the caller must
   * have seen the blobs before: the note about a canary is written before the canary is sent.
   */
  among(prefix: Prefix, receipts: readonly Receipt[]): Promise<ReadonlySet<Receipt>>
}

export function createCanaryProof(parts: {
  primitives: Primitives
  store: Pick<BlobStore, 'read'>
  notes: CanaryNotes
}): CanaryProof {
  const { primitives, store, notes } = parts
  const prove = async (prefix: Prefix, receipt: Receipt): Promise<boolean> => {
    const note = await notes.read(receipt)
    if (note === null) return false
    return await opensToCanary(primitives, {
      unwrap: () => note.fileKey,
      token: note.token,
      envelope: store.read(prefix, receipt),
    })
  }
  // An unreadable folder must not prevent a tip from being stored or exported.
  const isCanary = (prefix: Prefix, receipt: Receipt): Promise<boolean> =>
    prove(prefix, receipt).catch(() => false)
  return {
    isCanary,
    async among(prefix, receipts) {
      const noted = new Set((await notes.list().catch(() => [])).map(({ receipt }) => receipt))
      const canaries = new Set<Receipt>()
      for (const receipt of receipts)
        if (noted.has(receipt) && (await isCanary(prefix, receipt))) canaries.add(receipt)
      return canaries
    },
  }
}
