import type { Receipt } from './blob-store.ts'

/**
 * Which envelopes under `incoming` a worker has stored. It is a hint that may be lost: then the
 * envelopes are looked at again, and storing them again changes nothing.
 */
export interface StoredToday {
  /** The receipts among these that are stored. Never rejects. */
  among(receipts: readonly Receipt[]): Promise<ReadonlySet<Receipt>>
  /** Never rejects. */
  add(receipts: readonly Receipt[]): Promise<void>
  /** To be called when they no longer rest under `incoming`. Never rejects. */
  forget(receipts: readonly Receipt[]): Promise<void>
}
