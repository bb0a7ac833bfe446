/**
 * The interface of spool and vault to the storage of envelopes. A blob is immutable and named by
 * its receipt. Its state is the prefix under which it is stored, so no index can contradict the
 * stored bytes.
 */

/** SHA-256 of the envelope, 64 lower-case hex digits. */
export type Receipt = string

/**
 * `incoming`: the spool. `sealed`: the vault. `collected`: opened and acknowledged by the desk,
 * kept until its retention ends. `quarantine`: envelopes that can never be stored; kept for ops to
 * inspect, never deleted automatically.
 */
export type Prefix = 'incoming' | 'sealed' | 'collected' | 'quarantine'

export interface BlobEntry {
  receipt: Receipt
  bytes: number
  /** Midnight UTC of the day on which the blob came under this prefix. No finer time is stored. */
  day: Date
}

export type KnownBlob = (receipt: Receipt) => Omit<BlobEntry, 'receipt'> | null

/** Bytes that are being received. They are invisible to others before `commit`. */
export interface StagedBlob {
  write: (chunk: Uint8Array) => Promise<void>
  /**
   * Makes the blob durable under `prefix/receipt` before it resolves. `exists`: the same receipt is
   * already under *any* prefix except quarantine; nothing is stored twice, and the earlier copy is
   * durable when this resolves.
   */
  commit(prefix: Prefix, receipt: Receipt): Promise<'created' | 'exists'>
  /** Removes everything that was staged. Safe to call twice, and after `commit`. */
  discard(): Promise<void>
}

export interface BlobStore {
  /** @throws StoreError `NO_SPACE` if `expectedBytes` would use up the reserve. */
  stage(expectedBytes?: number): Promise<StagedBlob>
  /** The prefix under which the blob is now, or null. Quarantine is not searched. */
  locate(receipt: Receipt): Promise<Exclude<Prefix, 'quarantine'> | null>
  /** @throws StoreError `NOT_FOUND`. */
  read(prefix: Prefix, receipt: Receipt): AsyncIterable<Uint8Array>
  /**
   * @param known size and day of a receipt if the caller already has them, otherwise null. The file
   *   system is not asked about such receipts, so that a listing costs little more than reading the
   *   names.
   */
  list(prefix: Prefix, known?: KnownBlob): AsyncIterable<BlobEntry>
  /**
   * Moves a blob. The move is durable when this resolves, and idempotent: `moved` if the source is
   * missing and the target exists; `missing` if neither exists. Never overwrites.
   */
  move(receipt: Receipt, from: Prefix, to: Prefix): Promise<'moved' | 'missing'>
  /** Removes a blob durably. A missing blob is not an error. */
  remove(prefix: Prefix, receipt: Receipt): Promise<void>
  /** Number of bytes that can still be stored without using the reserve. */
  freeBytes(): Promise<number>
}
