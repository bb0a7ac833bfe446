import { createHash, randomBytes } from 'node:crypto'
import type { BlobStore, Prefix } from '../../src/store/blob-store.ts'

export interface TestEnvelope {
  bytes: Buffer
  receipt: string
}

/**
 * An envelope that looks like an age file to the server, which can only check header, nonce and
 * chunks. Its keys are random, which only an identity could detect.
 */
export function makeEnvelope(plaintextBytes = 100): TestEnvelope {
  const base64 = (length: number): string =>
    randomBytes(length).toString('base64').replace(/=+$/, '')
  const header = `age-encryption.org/v1\n-> X25519 ${base64(32)}\n${base64(32)}\n--- ${base64(32)}\n`
  return asEnvelope(Buffer.concat([Buffer.from(header), randomBytes(16 + plaintextBytes + 16)]))
}

export function asEnvelope(bytes: Buffer): TestEnvelope {
  return { bytes, receipt: sha256(bytes) }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Stores bytes under a receipt, even if it is not their hash. */
export async function putBlob(
  store: BlobStore,
  prefix: Prefix,
  { receipt, bytes }: TestEnvelope,
): Promise<void> {
  const stage = await store.stage()
  await stage.write(bytes)
  await stage.commit(prefix, receipt)
  await stage.discard()
}

export async function listReceipts(store: BlobStore, prefix: Prefix): Promise<string[]> {
  const receipts: string[] = []
  for await (const entry of store.list(prefix)) receipts.push(entry.receipt)
  return receipts.sort()
}
