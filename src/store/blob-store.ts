/**
 * What the spool and the vault need from whatever holds the envelopes. A blob
 * is immutable and named by its receipt; its state is the prefix it lies under,
 * so no index can disagree with the bytes.
 */

/** SHA-256 of the envelope, 64 lower-case hex digits. */
export type Receipt = string

/**
 * `incoming`: the spool. `sealed`: the vault. `collected`: opened and
 * acknowledged by the desk, waiting for its retention to end. `quarantine`:
 * what can never be stored; kept for ops to look at, never deleted by itself.
 */
export type Prefix = 'incoming' | 'sealed' | 'collected' | 'quarantine'

export interface BlobEntry {
  receipt: Receipt
  bytes: number
  /** Midnight UTC of the day the blob came under this prefix; never finer. */
  day: Date
}

export type KnownBlob = (receipt: Receipt) => Omit<BlobEntry, 'receipt'> | null

/** Bytes being received. Nothing is visible to anyone else before `commit`. */
export interface StagedBlob {
  write: (chunk: Uint8Array) => Promise<void>
  /**
   * Makes the blob durable under `prefix/receipt` and only then resolves.
   * `exists`: the same receipt is already in *any* prefix but quarantine; nothing
   * is stored twice, and the earlier copy is durable when this resolves.
   */
  commit(prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'>
  /** Leaves nothing behind. Safe to call twice, and after `commit`. */
  discard(): Promise<void>
}

export interface BlobStore {
  /** @throws StoreError `NO_SPACE` when `expectedBytes` would eat the reserve. */
  stage(expectedBytes?: number): Promise<StagedBlob>
  /** The prefix that holds the receipt now, or null. Quarantine is not looked at. */
  locate(receipt: Receipt): Promise<Exclude<Prefix, 'quarantine'> | null>
  /** @throws StoreError `NOT_FOUND`. */
  read(prefix: Prefix, receipt: Receipt): AsyncIterable<Uint8Array>
  /**
   * @param known what the caller knows of a receipt already, or null. The file system is not asked
   * about these, so that a listing costs little more than reading their names.
   */
  list(prefix: Prefix, known?: KnownBlob): AsyncIterable<BlobEntry>
  /**
   * Durable when it resolves, and idempotent: source missing and target present
   * is `moved`; neither present is `missing`. Never overwrites.
   */
  move(receipt: Receipt, from: Prefix, to: Prefix): Promise<'moved' | 'missing'>
  /** Removes durably. Missing is not an error. */
  remove(prefix: Prefix, receipt: Receipt): Promise<void>
  /** Bytes that can still be taken in before the reserve is touched. */
  freeBytes(): Promise<number>
}
