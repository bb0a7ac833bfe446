import { join } from 'node:path'
import type { Prefix, Receipt } from './blob-store.ts'
import { StoreError } from './errors.ts'

export const PREFIXES: readonly Prefix[] = ['incoming', 'sealed', 'collected', 'quarantine']

/** The prefixes that a source may ask about, in the order in which a blob passes through them. */
export const WAY = ['incoming', 'sealed', 'collected'] as const

/** Contains what is being restored until all of it has been checked. */
export const RESTORE_DIR = '.restoring'

/** Folders and files are only for the service's own user. */
export const DIR_MODE = 0o700
export const FILE_MODE = 0o600

const RECEIPT = /^[0-9a-f]{64}$/
const BLOB_NAME = /^([0-9a-f]{64})\.age$/

export function isReceipt(text: string): boolean {
  return RECEIPT.test(text)
}

/**
 * The path of a blob. A receipt becomes part of a path, so only 64 hex digits are accepted.
 * @throws StoreError `INVALID_RECEIPT`.
 */
export function blobPath(dir: string, prefix: Prefix, receipt: Receipt): string {
  if (!isReceipt(receipt)) {
    throw new StoreError('INVALID_RECEIPT', 'receipt must be 64 lower-case hex digits')
  }
  return join(dir, prefix, `${receipt}.age`)
}

/** The receipt in a blob's file name; null for any other name. */
export function receiptOf(fileName: string): Receipt | null {
  return BLOB_NAME.exec(fileName)?.[1] ?? null
}
