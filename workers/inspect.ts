import { createHash } from 'node:crypto'
import { AgeError } from '../src/age/errors.ts'
import type { EnvelopeShape } from '../src/age/walk.ts'
import type { BlobStore, Receipt } from '../src/store/blob-store.ts'
import { StoreError } from '../src/store/errors.ts'

/** The part of `EnvelopeWalker` that is used here. */
export interface Walker {
  push(chunk: Uint8Array): void
  finish(): EnvelopeShape
}

export interface Inspection {
  bytes: number
  /** Code of the reason why the envelope can never be stored; null if it can. */
  fault: string | null
}

/**
 * Reads a received envelope once and checks that its SHA-256 is its name and its structure that of
 * an age file. Null if it is not in the spool.
 * @throws StoreError if the disk fails, which is not a fault of the envelope.
 */
export async function inspectEnvelope(
  store: BlobStore,
  receipt: Receipt,
  walker: Walker,
): Promise<Inspection | null> {
  const digest = createHash('sha256')
  let bytes = 0
  let fault: string | null = null
  try {
    for await (const chunk of store.read('incoming', receipt)) {
      bytes += chunk.length
      digest.update(chunk)
      fault ??= faultOf(() => walker.push(chunk))
    }
  } catch (error) {
    if (error instanceof StoreError && error.code === 'NOT_FOUND') return null
    throw error
  }
  if (digest.digest('hex') !== receipt) return { bytes, fault: 'DIGEST_MISMATCH' }
  return { bytes, fault: fault ?? faultOf(() => walker.finish()) }
}

function faultOf(step: () => unknown): string | null {
  try {
    step()
    return null
  } catch (error) {
    if (error instanceof AgeError) return error.code
    throw error
  }
}
